import TraceModel

/// What a recording came to, in words.
public enum RecordedWords {
    /// - Parameters:
    ///   - path: the file, or the last of them.
    ///   - kept: of the files, those that are still there.
    ///   - bytes: of all files.
    public static func text(path: String, files: UInt32, kept: UInt32, bytes: UInt64, events: UInt64) -> String {
        let each = events == 0 ? "" : ", \(Quantity.fixed(Double(bytes) / Double(events), 1)) bytes an event"
        let place = SafeText.escaped(Array(path.utf8))
        let number = kept == files ? "\(files) files" : "\(kept) of \(files) files kept"
        return (files == 1 ? place : "\(number), the last is \(place)") + ": \(Quantity.bytes(bytes))\(each)"
    }
}
