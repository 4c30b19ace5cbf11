import Foundation

/// A file of the repository.
struct SourceFile: CustomStringConvertible {
    /// From the repository's root.
    let path: String
    let lines: [Substring]

    var description: String { path }

    /// The modules that it imports.
    var imports: [String] { lines.compactMap { Import.module(of: $0) } }
}

enum SourceFiles {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folders right below one.
    static func folders(in folder: String) throws -> [String] {
        let url = root.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: url.appending(path: name).path, isDirectory: &isFolder)
            return exists && isFolder.boolValue
        }.sorted()
    }

    /// All below a folder whose names end so, in order.
    static func all(in folder: String, endings: Set<String> = ["swift"]) throws -> [SourceFile] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        return try paths.filter { endings.contains(String($0.split(separator: ".").last ?? "")) }.sorted().map { path in
            let text = try String(contentsOf: root.appending(path: "\(folder)/\(path)"), encoding: .utf8)
            return SourceFile(
                path: "\(folder)/\(path)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }
}

/// An `import` line.
enum Import {
    private static let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]

    /// The module, or nil for any other line. Attributes and access levels may stand before, one declaration behind.
    static func module(of line: Substring) -> String? {
        let words = line.prefix { $0 != "/" }.split { $0 == " " || $0 == "\t" || $0 == ";" }
        guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy({ isModifier($0) }) else { return nil }
        let names = words[(place + 1)...].drop { kinds.contains($0) }
        return names.first?.split(separator: ".").first.map { String($0) }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
}

/// A row of the table in docs/architecture.md: targets, what they are for, what they import.
struct Documented {
    let targets: [String]
    let imports: [String]
    /// The imports are not listed one by one.
    let isInWords: Bool

    static func rows() throws -> [Documented] {
        let page = try SourceFiles.all(in: "docs", endings: ["md"]).first { $0.path == "docs/architecture.md" }
        return (page?.lines ?? []).filter { $0.hasPrefix("| `") }.compactMap { line in
            let cells = line.split(separator: "|")
            guard cells.count == 3 else { return nil }
            let targets = quoted(cells[0]).filter { !$0.contains("/") && !$0.contains("-") && $0 != "faultline" }
            return Documented(
                targets: targets, imports: quoted(cells[2]), isInWords: cells[2].contains("targets"))
        }
    }

    /// What stands between backquotes.
    private static func quoted(_ text: Substring) -> [String] {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.indices.filter { $0 % 2 == 1 }.map { String(pieces[$0]) }
    }
}
