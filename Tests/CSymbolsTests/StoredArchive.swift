import Foundation

/// A zip archive whose files are stored as they are, each at the beginning of a page, as zipalign(1) makes them.
struct StoredArchive {
    /// Where each file's bytes begin.
    private(set) var starts: [String: UInt64] = [:]
    private(set) var bytes = Data()

    init(_ files: [String: Data]) {
        var directory = Data()
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            let header = UInt32(bytes.count)
            let start = (bytes.count + 30 + name.utf8.count + 4095) / 4096 * 4096
            let padding = start - bytes.count - 30 - name.utf8.count
            let sizes = Self.u32(UInt32(content.count)) + Self.u32(UInt32(content.count))
            let common = Self.u16(0) + Self.u16(0) + Self.u16(0) + Self.u16(0) + Self.u32(0) + sizes + Self.u16(UInt16(name.utf8.count))
            bytes += Data("PK\u{3}\u{4}".utf8) + Self.u16(10) + common + Self.u16(UInt16(padding)) + Data(name.utf8) + Data(count: padding)
            starts[name] = UInt64(start)
            bytes += content
            directory += Data("PK\u{1}\u{2}".utf8) + Self.u16(10) + Self.u16(10) + common + Data(count: 12) + Self.u32(header) + Data(name.utf8)
        }
        let count = Self.u16(UInt16(files.count))
        bytes += directory + Data("PK\u{5}\u{6}".utf8) + Data(count: 4) + count + count
            + Self.u32(UInt32(directory.count)) + Self.u32(UInt32(bytes.count)) + Self.u16(0)
    }

    /// - Returns: the path of a new file.
    func write() throws -> String {
        let path = NSTemporaryDirectory() + "/faultline-test-\(UUID().uuidString).apk"
        try bytes.write(to: URL(filePath: path))
        return path
    }

    private static func u16(_ value: UInt16) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    private static func u32(_ value: UInt32) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
}
