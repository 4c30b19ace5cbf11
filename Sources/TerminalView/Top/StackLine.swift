import FaultModel
import TraceModel

/// A stack in one line, the leaf first: `memset < fill < main`.
struct StackLine {
    /// Frames that a line can show at the most.
    private static let framesShown = 12

    private let names: TraceNames
    private let number: UInt32

    init(_ names: TraceNames, _ number: UInt32) { (self.names, self.number) = (names, number) }

    var text: String {
        guard let stack = names.stacks.find(number) else { return "(the stack was lost)" }
        if stack.frames.isEmpty { return "(no frames)" }
        return stack.frames.prefix(Self.framesShown).map(word).joined(separator: " < ")
    }

    /// A line for each frame; empty where the stack is lost.
    var frames: [String] {
        guard let stack = names.stacks.find(number) else { return [] }
        return stack.frames.map(line) + (stack.isTruncated ? ["(and further frames)"] : [])
    }

    private func word(_ frame: StackStore.Frame) -> String {
        if let symbol = names.symbol(frame) { return Self.shortened(symbol.name) }
        return file(frame).map { "\($0)+0x" + String(frame.place.offset, radix: 16) } ?? "0x" + String(frame.address, radix: 16)
    }

    /// A function's arguments say little, and take much room.
    private static func shortened(_ name: String) -> String {
        guard let bracket = name.firstIndex(of: "("), bracket > name.startIndex else { return name }
        return String(name[..<bracket])
    }

    private func line(_ frame: StackStore.Frame) -> String {
        let place = file(frame).map { "\($0)+0x" + String(frame.place.offset, radix: 16) } ?? "0x" + String(frame.address, radix: 16)
        return names.symbol(frame).map { "\($0.text)  \(place)" } ?? place
    }

    private func file(_ frame: StackStore.Frame) -> String? {
        names.mapping(frame.place).map { name in name.split(separator: "/").last.map(String.init) ?? name }
    }
}
