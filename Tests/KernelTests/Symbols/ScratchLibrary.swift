import Foundation

/// A file of these bytes.
struct ScratchLibrary {
    let path = "/tmp/faultline-test-\(UUID().uuidString).so"

    init(_ bytes: Data) throws { try bytes.write(to: URL(filePath: path)) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// An ELF file with so many functions that to read it takes a good part of a second: their addresses are in no order.
struct SlowLibrary {
    private static let count = 1_500_000
    private let file: ScratchLibrary

    var path: String { file.path }

    init() throws {
        var bytes = Data(capacity: 64 + 56 + Self.count * 24 + 512)
        let symbols = 64 + 56
        let strings = symbols + Self.count * 24
        let sections = strings + 8
        bytes += [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] + Data(count: 8)
        bytes += Self.little(UInt16(3)) + Self.little(UInt16(62)) + Self.little(UInt32(1)) + Self.little(UInt64(0))
        bytes += Self.little(UInt64(64)) + Self.little(UInt64(sections)) + Self.little(UInt32(0))
        for half: UInt16 in [64, 56, 1, 64, 3, 0] { bytes += Self.little(half) }
        // One segment with code, as long as the file can be.
        bytes += Self.little(UInt32(1)) + Self.little(UInt32(5))
        for word: UInt64 in [0, 0, 0, 1 << 30, 1 << 30, 4096] { bytes += Self.little(word) }
        var words: [UInt64] = []
        for number in 0..<UInt64(Self.count) {
            // Name 1, STT_FUNC, section 1; an address; a size.
            words.append(1 | 0x12 << 32 | 1 << 48)
            words.append(number &* 2_654_435_761 % (1 << 30))
            words.append(4)
        }
        words.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes += Data("\0name\0\0\0".utf8)
        bytes += Data(count: 64)
        bytes += Self.section(type: 2, symbols, Self.count * 24, link: 2, entry: 24)
        bytes += Self.section(type: 3, strings, 6, link: 0, entry: 0)
        file = try ScratchLibrary(bytes)
    }

    func remove() { file.remove() }

    private static func section(type: UInt32, _ offset: Int, _ size: Int, link: UInt32, entry: UInt64) -> Data {
        little(UInt32(0)) + little(type) + Data(count: 16) + little(UInt64(offset)) + little(UInt64(size)) + little(link)
            + little(UInt32(0)) + little(UInt64(8)) + little(entry)
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> Data {
        withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }
}
