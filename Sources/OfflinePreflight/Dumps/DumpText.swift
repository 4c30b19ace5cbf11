/// A dump's bytes as UTF-8 text, whatever they were saved as: packed by gzip, UTF-16 (PowerShell's `>`), with a byte
/// order mark or without.
enum DumpText {
    static func utf8(_ bytes: [UInt8], of dump: Dump) throws(DumpError) -> [UInt8] {
        let text = decoded(try unpacked(bytes, of: dump))
        if text.allSatisfy({ $0 <= UInt8(ascii: " ") && isText($0) }) { throw DumpError(dump: dump, problem: .empty) }
        if text.starts(with: Gunzip.magic) { throw DumpError(dump: dump, problem: .packedTwice) }
        if text.first == 0x1f { throw DumpError(dump: dump, problem: .rewrittenArchive) }
        guard text.allSatisfy(isText) else { throw DumpError(dump: dump, problem: .binary) }
        return text
    }

    private static func unpacked(_ bytes: [UInt8], of dump: Dump) throws(DumpError) -> [UInt8] {
        guard bytes.count <= dump.byteCap else { throw DumpError(dump: dump, problem: .tooLong) }
        guard bytes.starts(with: Gunzip.magic) else { return bytes }
        do throws(Gunzip.Failure) {
            return try Gunzip.unpacked(bytes, limit: dump.byteCap)
        } catch {
            throw DumpError(dump: dump, problem: error == .tooLong ? .tooLong : .damagedArchive)
        }
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xff, 0xfe]) { return fromUTF16(bytes, low: 0, high: 1) }
        if bytes.starts(with: [0xfe, 0xff]) { return fromUTF16(bytes, low: 1, high: 0) }
        return bytes
    }

    /// - Parameters:
    ///   - low: where in each pair the lower byte stands.
    ///   - high: where the upper one stands.
    private static func fromUTF16(_ bytes: [UInt8], low: Int, high: Int) -> [UInt8] {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { at in
            UInt16(bytes[at + high]) << 8 | UInt16(bytes[at + low])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// White space, letters and all of UTF-8: no other control character stands in any of the dumps.
    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 || (0x09...0x0d).contains(byte) }
}
