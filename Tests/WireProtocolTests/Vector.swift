import Foundation
import WireProtocol

/// The golden vectors beside the tests: hexadecimal bytes, `#` to the end of the line is a comment.
enum Vector {
    struct NotHexadecimal: Error {
        let word: String
    }

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = tests.appending(path: "Vectors")

    /// The frame in a message's file.
    static func bytes(_ type: FrameType) throws -> [UInt8] {
        let text = try String(contentsOf: folder.appending(path: type.name + ".hex"), encoding: .utf8)
        return try text.split(separator: "\n").flatMap { try bytes(ofLine: $0) }
    }

    /// The payload in a message's file.
    static func payload(_ type: FrameType) throws -> [UInt8] { Array(try bytes(type).dropFirst(Frame.headerSize)) }

    /// The messages that have a file.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".hex") }.map { String($0.dropLast(4)) }.sorted()
    }

    /// The messages that docs/protocol.md has a section for, as `name (0x01)`.
    static func documented() throws -> [String] {
        let page = tests.deletingLastPathComponent().appending(path: "docs/protocol.md")
        return try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("## ") && $0.hasSuffix(")") }.map { String($0.dropFirst(3)) }
    }

    private static func bytes(ofLine line: Substring) throws -> [UInt8] {
        try line.prefix { $0 != "#" }.split(separator: " ").map { word in
            guard word.count == 2, let byte = UInt8(word, radix: 16) else { throw NotHexadecimal(word: String(word)) }
            return byte
        }
    }
}

extension FrameType {
    /// The message's name in documents and files: `command-ended`.
    var name: String {
        "\(self)".reduce(into: "") { name, character in
            name += character.isUppercase ? "-" + character.lowercased() : String(character)
        }
    }

    /// As docs/protocol.md has it in its headings.
    var heading: String {
        let digits = String(rawValue, radix: 16)
        return "\(name) (0x\(digits.count < 2 ? "0" : "")\(digits))"
    }
}
