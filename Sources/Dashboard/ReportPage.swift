import Crypto
public import LiveModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The page as one file that needs no server: the scripts, and what they would have been told.
///
/// Its policy allows the scripts and styles whose hashes it names, and nothing else.
public struct ReportPage: Sendable {
    /// Processes that can be chosen, as long as there is room.
    private static let processLimit = 24
    private static let sizeLimit = 4 << 20

    /// UTF-8.
    public let bytes: [UInt8]

    public init(_ trace: LiveTrace) {
        var page = Template(PageFile.index.bytes)
        page.replaceLine(containing: "rel=\"stylesheet\"", with: Self.head)
        for file in PageFile.scripts { page.replaceLine(containing: "src=\"\(file.path.dropFirst())\"", with: []) }
        page.replaceLine(containing: "</body>", with: Self.data(trace) + Self.scripts + Array("</body>\n".utf8))
        bytes = page.bytes
    }

    private static var head: [UInt8] {
        let scripts = PageFile.scripts.map(hash).joined(separator: " ")
        let policy = "default-src 'none'; img-src data:; script-src \(scripts); style-src \(hash(PageFile.style)); base-uri 'none'; form-action 'none'"
        let tag = "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n"
        return Array((tag + "<style>").utf8) + PageFile.style.bytes + Array("</style>\n".utf8)
    }

    /// As a policy has it.
    private static func hash(_ file: PageFile) -> String { "'sha256-\(Data(SHA256.hash(data: file.bytes)).base64EncodedString())'" }

    private static var scripts: [UInt8] {
        PageFile.scripts.flatMap { Array("<script>".utf8) + $0.bytes + Array("</script>\n".utf8) }
    }

    /// The whole trace, and each of the processes with the most faults alone.
    private static func data(_ trace: LiveTrace) -> [UInt8] {
        var bytes = Array("<script type=\"application/json\" id=\"data\">{\"views\":{\"\":".utf8)
        bytes += text(trace, nil)
        for row in trace.view(LiveQuery()).processes.prefix(processLimit) where bytes.count < sizeLimit {
            bytes += Array(",\"process=\(row.place)\":".utf8) + text(trace, row.place)
        }
        return bytes + Array("}}</script>\n".utf8)
    }

    /// A `<` only stands in names; there it could end the element.
    private static func text(_ trace: LiveTrace, _ process: Int?) -> [UInt8] {
        ViewText([trace], Question(process: process)).bytes.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
    }
}

/// A file of which lines are replaced.
private struct Template {
    private var lines: [ArraySlice<UInt8>]

    init(_ bytes: [UInt8]) { lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) }

    var bytes: [UInt8] { Array(lines.joined(separator: [UInt8(ascii: "\n")])) }

    mutating func replaceLine(containing text: String, with bytes: [UInt8]) {
        guard let place = lines.firstIndex(where: { String(decoding: $0, as: UTF8.self).contains(text) }) else { return }
        if bytes.isEmpty { lines.remove(at: place) } else { lines[place] = bytes[...] }
    }
}
