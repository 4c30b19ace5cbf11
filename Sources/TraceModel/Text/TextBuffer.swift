/// UTF-8 text in a buffer that is used again and again: once it has grown to what its owner puts into it, adding
/// text allocates nothing.
public struct TextBuffer: Sendable {
    private var storage: [UInt8]
    /// Bytes of text.
    public private(set) var count = 0

    /// - Parameter capacity: bytes that fit before the buffer grows.
    public init(capacity: Int = 256) { storage = [UInt8](repeating: 0, count: max(capacity, 64)) }

    /// The text so far.
    public var bytes: ArraySlice<UInt8> { storage[..<count] }

    /// The text as a string; what is not UTF-8 is replaced.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Drops the text and keeps the memory.
    public mutating func removeAll() { count = 0 }

    /// Lends the text without copying it.
    public func withSpan<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
        try body(storage.span.bytes.extracting(0..<count))
    }

    // MARK: Adding

    public mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    public mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
    }

    public mutating func append(text: String) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
        if isDone == nil { for byte in text.utf8 { append(byte) } }
    }

    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        append(bytes.count) { UnsafeMutableRawPointer($0).copyMemory(from: start, byteCount: bytes.count) }
    }

    /// Adds spaces until the text from `start` on is `width` bytes long, and one in any case.
    public mutating func pad(from start: Int, to width: Int) {
        let spaces = max(1, start + width - count)
        reserve(spaces)
        for place in count..<count + spaces { storage[place] = UInt8(ascii: " ") }
        count += spaces
    }

    // MARK: Room

    /// Makes room for this many bytes more.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > storage.count { grow(count + more) }
    }

    private mutating func grow(_ needed: Int) {
        let size = max(needed, storage.count * 2)
        storage.append(contentsOf: repeatElement(0, count: size - storage.count))
    }

    /// Adds bytes that `fill` writes.
    ///
    /// - Parameters:
    ///   - limit: for how many there is room.
    ///   - fill: returns how many it has written.
    public mutating func append(atMost limit: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(limit)
        let start = count
        count += storage.withUnsafeMutableBufferPointer { fill($0.baseAddress! + start) }
    }

    /// Adds bytes that `fill` writes; it is given exactly that many.
    @inline(__always)
    mutating func append(_ length: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        reserve(length)
        let start = count
        storage.withUnsafeMutableBufferPointer { fill($0.baseAddress! + start) }
        count += length
    }
}
