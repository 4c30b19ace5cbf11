import CSymbols
import Foundation
import Testing

/// A file as `symbol_file_at` sees it.
enum Reader {
    struct Found: Equatable {
        var name: String
        var start: UInt64
        var end: UInt64
    }

    private static func at(_ file: String, _ place: UInt64, _ pid: UInt32, device: UInt64 = 0, inode: UInt64 = 0) -> OpaquePointer? {
        file.withCString { symbol_file_at(mapped_file(pid: pid, name: $0, device: device, inode: inode), place) }
    }

    static func find(_ file: String, _ place: UInt64, pid: UInt32 = UInt32(getpid())) -> Found {
        let range = symbol_file_find(at(file, place, pid), place)
        let name = String(decoding: UnsafeRawBufferPointer(start: range.name, count: range.length), as: UTF8.self)
        return Found(name: name, start: range.start, end: range.end)
    }

    static func problem(_ file: String, _ place: UInt64 = 0x1000, pid: UInt32 = UInt32(getpid())) -> String {
        String(cString: symbol_file_problem(at(file, place, pid)))
    }

    static func buildID(_ file: String) -> String { String(cString: symbol_file_build_id(at(file, 0, UInt32(getpid())))) }
}

/// The library of Tests/Symbols, in one of its shapes.
struct Library {
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

    let path: String
    /// What the library itself says, once it is mapped.
    let functions: [Function]

    init(_ shape: String) throws {
        path = Self.path(shape + ".so")
        functions = try Self.told(by: path)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "build/tests/symbols")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Runs the program that maps it.
    private static func told(by path: String) throws -> [Function] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = folder.appending(path: "mapper")
        process.arguments = [path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let text = try #require(String(data: try output.fileHandleForReading.readToEnd() ?? Data(), encoding: .utf8))
        process.waitUntilExit()
        return text.split(separator: "\n").compactMap { Function($0) }
    }
}
