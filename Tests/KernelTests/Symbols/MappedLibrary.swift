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

    /// - Parameter remove: whether the file is removed once it is mapped; it is a copy, then.
    init(_ shape: String, remove: Bool = false) throws {
        let original = "\(Self.folder)/\(shape).so"
        path = remove ? "/tmp/faultline-test-\(UUID().uuidString).so" : original
        if remove { try FileManager.default.copyItem(atPath: original, toPath: path) }
        process.executableURL = URL(filePath: Self.folder + "/mapper")
        process.arguments = [path] + (remove ? ["remove"] : [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        functions = try readToDot().split(separator: "\n").compactMap { Function($0) }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

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
