/// Writes fields in the order in which `ByteReader` reads them.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8]

    public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    public mutating func u8(_ value: UInt8) { bytes.append(value) }
    public mutating func u16(_ value: UInt16) { integer(value) }
    public mutating func u32(_ value: UInt32) { integer(value) }
    public mutating func u64(_ value: UInt64) { integer(value) }
    public mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }

    public mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// At most 65,535 bytes; what is longer is cut.
    public mutating func string(_ value: String) {
        let utf8 = value.utf8.prefix(Int(UInt16.max))
        u16(UInt16(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// At most 65,535 elements; the caller keeps to that.
    public mutating func list<Element>(_ elements: [Element], _ write: (inout ByteWriter, Element) -> Void) {
        u16(UInt16(elements.count))
        for element in elements { write(&self, element) }
    }

    private mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        var rest = value.littleEndian
        for _ in 0..<MemoryLayout<Integer>.size {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
