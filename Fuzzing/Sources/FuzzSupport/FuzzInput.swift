/// What libFuzzer hands to a target.
public enum FuzzInput {
    /// A copy of exactly its length, so that the address sanitizer sees each step beyond it.
    public static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Between the files of an input that stands for several; no file of a corpus has it.
    private static let separator = Array("\n--- next ---\n".utf8)

    /// The files of an input, so many at the most: the last one has what is left.
    public static func files(_ bytes: [UInt8], limit: Int) -> [[UInt8]] {
        guard limit > 1, let place = bytes.firstPlace(of: separator) else { return [bytes] }
        return [Array(bytes[..<place])] + files(Array(bytes[(place + separator.count)...]), limit: limit - 1)
    }
}

extension [UInt8] {
    fileprivate func firstPlace(of part: [UInt8]) -> Int? {
        guard count >= part.count else { return nil }
        return (0...(count - part.count)).first { self[$0] == part[0] && self[$0..<$0 + part.count].elementsEqual(part) }
    }
}

/// Stops the target where something does not hold that always has to; libFuzzer keeps the input.
public func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError("this does not hold: \(what())") }
}
