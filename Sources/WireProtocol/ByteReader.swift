/// Reads fields off a payload in order. Never reads past its end.
public struct ByteReader: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) { self.bytes = bytes }

    public var remaining: Int { bytes.byteCount - position }

    @inline(__always)
    public mutating func u8() throws(WireError) -> UInt8 { try integer(UInt8.self) }
    public mutating func u16() throws(WireError) -> UInt16 { try integer(UInt16.self) }
    public mutating func u32() throws(WireError) -> UInt32 { try integer(UInt32.self) }
    public mutating func u64() throws(WireError) -> UInt64 { try integer(UInt64.self) }

    /// An unsigned LEB128 number: seven bits a byte, lowest first, the top bit says that more follow.
    @inline(__always)
    public mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try u8()
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 { throw .badValue("variable-length number") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// A varint that must fit a narrower number.
    @inline(__always)
    mutating func varint<Integer: FixedWidthInteger>(_ field: StaticStringBox) throws(WireError) -> Integer {
        guard let value = Integer(exactly: try varint()) else { throw .badValue(field) }
        return value
    }

    /// A signed number in zigzag order (0, -1, 1, -2, …) as a varint.
    @inline(__always)
    public mutating func signedVarint() throws(WireError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// `u16` length and UTF-8; what is not UTF-8 is replaced.
    public mutating func string() throws(WireError) -> String {
        let length = Int(try u16())
        guard length <= remaining else { throw .truncated }
        defer { position += length }
        return bytes.extracting(position..<position + length).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// `u16` count and that many elements.
    public mutating func list<Element>(
        _ element: (inout ByteReader) throws(WireError) -> Element
    ) throws(WireError) -> [Element] {
        let count = try u16()
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    /// The peer's protocol version, which must be ours.
    mutating func version() throws(WireError) -> UInt32 {
        let version = try u32()
        guard version == Frame.version else { throw .otherVersion(version) }
        return version
    }

    /// The raw value of an enum that this version knows.
    public mutating func known<Value: RawRepresentable<UInt8>>(
        _ field: StaticStringBox
    ) throws(WireError) -> Value {
        guard let value = Value(rawValue: try u8()) else { throw .badValue(field) }
        return value
    }

    public mutating func bool() throws(WireError) -> Bool {
        switch try u8() {
        case 0: false
        case 1: true
        default: throw .badValue("truth value")
        }
    }

    /// Ends the reading: nothing may be left.
    public func finish() throws(WireError) {
        if remaining > 0 { throw .trailingBytes }
    }

    @inline(__always)
    private mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _: Integer.Type
    ) throws(WireError) -> Integer {
        guard remaining >= MemoryLayout<Integer>.size else { throw .truncated }
        defer { position += MemoryLayout<Integer>.size }
        return Integer(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: position, as: Integer.self))
    }
}
