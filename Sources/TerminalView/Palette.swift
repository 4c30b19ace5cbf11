import FaultModel

/// The terminal's colours, or none: every code is empty unless colour was asked for.
struct Palette: Sendable {
    private let isColored: Bool

    init(isColored: Bool) { self.isColored = isColored }

    var reset: StaticString { isColored ? "\u{1b}[0m" : "" }
    var bold: StaticString { isColored ? "\u{1b}[1m" : "" }
    var dim: StaticString { isColored ? "\u{1b}[2m" : "" }
    var warning: StaticString { isColored ? "\u{1b}[31m" : "" }

    func code(of access: FaultAccess?) -> StaticString {
        guard isColored else { return "" }
        return switch access {
        case .read?: "\u{1b}[36m"
        case .write?: "\u{1b}[33m"
        case .execute?: "\u{1b}[35m"
        case nil: ""
        }
    }
}

extension StaticString {
    var text: String { withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }
}
