import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The page: what it shows first stands in it, and its style, so that little is asked for until it can be seen.
enum PageDocument {
    /// Where its scripts come from.
    enum Scripts { case served, inlined }

    /// Allows its style and its scripts, and nothing else.
    static let policy = (served: policy("'self'"), inlined: policy(PageFile.scripts.map(hash).joined(separator: " ")))

    /// All scripts, as they are served.
    static let script = PageFile.scripts.flatMap(\.bytes)

    /// - Parameters:
    ///   - data: JSON in which no `<` stands.
    ///   - scripts: inlined, they bring their policy along, for there is no server that tells it.
    static func bytes(_ data: [UInt8], _ scripts: Scripts) -> [UInt8] {
        let (head, tail): ([UInt8], [UInt8]) = switch scripts {
        case .served: (Array("<script src=\"\(scriptName)\" defer></script>\n".utf8), [])
        case .inlined:
            (
                Array("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy.inlined)\">\n".utf8),
                PageFile.scripts.flatMap { element("script", $0) }
            )
        }
        return [pieces.start, head, pieces.middle, data, pieces.afterData, tail, pieces.end].flatMap(\.self)
    }

    static let scriptName = "page.js"

    /// JSON in which no `<` stands: it could end the element, and only stands in names.
    static func embeddable(_ json: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count + 64)
        for byte in json { if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) } }
        return bytes
    }

    private static func policy(_ scripts: String) -> String {
        "default-src 'none'; img-src data:; script-src \(scripts); style-src \(hash(PageFile.style)); base-uri 'none'; form-action 'none'"
    }

    /// As a policy has it.
    private static func hash(_ file: PageFile) -> String { "'sha256-\(Data(SHA256.hash(data: file.bytes)).base64EncodedString())'" }

    /// What stands before the policy or the script, before the data, after it and at the end.
    private static let pieces: (start: [UInt8], middle: [UInt8], afterData: [UInt8], end: [UInt8]) = {
        let lines = PageFile.index.bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        guard let style = lines.firstIndex(where: { $0.contains("rel=\"stylesheet\"") }), let end = lines.firstIndex(of: "</body>") else {
            preconditionFailure("index.html has no style or no end")
        }
        let middle = lines[(style + 1)..<end].filter { !$0.hasPrefix("<script ") }
        return (
            text(lines[..<style]), element("style", PageFile.style) + text(middle) + Array("<script type=\"application/json\" id=\"data\">".utf8),
            Array("</script>\n".utf8), text(lines[end...])
        )
    }()

    private static func text(_ lines: some Sequence<String>) -> [UInt8] { lines.flatMap { Array(($0 + "\n").utf8) } }

    private static func element(_ tag: String, _ file: PageFile) -> [UInt8] { Array("<\(tag)>".utf8) + file.bytes + Array("</\(tag)>\n".utf8) }
}
