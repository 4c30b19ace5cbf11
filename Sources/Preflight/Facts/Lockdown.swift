/// How far the kernel is closed to root: kernel_lockdown(7).
enum Lockdown: String, CaseIterable, Sendable {
    case none
    case integrity
    case confidentiality

    /// - Parameter text: all levels, the one in force in brackets: `none [integrity] confidentiality`.
    init?(text: String) {
        let words = text.utf8.split(separator: UInt8(ascii: " "))
        let inForce = words.first { $0.first == UInt8(ascii: "[") && $0.last == UInt8(ascii: "]") }
        guard let inForce else { return nil }
        self.init(rawValue: String(decoding: inForce.dropFirst().dropLast(), as: UTF8.self))
    }
}
