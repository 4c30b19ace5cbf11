import FaultModel
import Foundation
import Testing

/// A process that has mapped one of the libraries of Tests/Symbols, until this value is gone.
final class MappedLibrary: @unchecked Sendable {
    struct Function {
        var name: String
        var isExported: Bool
        var offset: UInt64

        /// A line of the program that maps the library; nil for any other.
        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count == 3, let offset = UInt64(words[1]) else { return nil }
            (isExported, self.offset, name) = (words[0] == "exported", offset, String(words[2]))
        }
    }

    static let folder = FileManager.default.currentDirectoryPath + "/build/tests/symbols"

    let path: String
    /// What the library says itself.
    private(set) var functions: [Function] = []
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())

    /// Which file it is, as the process had it mapped at first.
    private(set) var identity = FileIdentity.unknown

    /// - Parameters:
    ///   - remove: whether the file is removed once it is mapped; it is a copy, then.
    ///   - copy: where to copy it before.
    init(_ shape: String, remove: Bool = false, copiedTo copy: String? = nil) throws {
        let original = "\(Self.folder)/\(shape).so"
        path = copy ?? (remove ? "/tmp/faultline-test-\(UUID().uuidString).so" : original)
        if path != original { try FileManager.default.copyItem(atPath: original, toPath: path) }
        process.executableURL = URL(filePath: Self.folder + "/mapper")
        process.arguments = [path] + (remove ? ["remove"] : [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        functions = try readToDot().split(separator: "\n").compactMap { Function($0) }
        identity = try Self.identity(of: path, in: pid)
    }

    private static func identity(of path: String, in pid: UInt32) throws -> FileIdentity {
        let line = try #require(try ProcFile.text("/proc/\(pid)/maps").split(separator: "\n").first { $0.contains(path) })
        let fields = line.split(separator: " ")
        let device = fields[3].split(separator: ":").compactMap { UInt64($0, radix: 16) }
        return FileIdentity(device: device[0] << 32 | device[1], inode: try #require(UInt64(fields[4])))
    }

    /// Ends the process.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    deinit { end() }

    var pid: UInt32 { UInt32(process.processIdentifier) }

    private func readToDot() throws -> String {
        var text = ""
        while !text.hasSuffix("\n.\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }
}
