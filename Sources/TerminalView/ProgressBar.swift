/// How far a file has been read.
public enum ProgressBar {
    private static let width = 30

    /// One line, without its end.
    ///
    /// - Parameter whole: nil: nobody knows.
    public static func text(bytes: UInt64, of whole: UInt64?, events: UInt64) -> String {
        let count = Quantity.count(events) + (events == 1 ? " page fault" : " page faults")
        guard let whole, whole > 0 else { return "\(Quantity.bytes(bytes)) read, \(count)" }
        let share = min(Double(bytes) / Double(whole), 1)
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return "[\(bar)] \(Int(share * 100)) %, \(count)"
    }
}
