import FaultModel
import TraceModel

extension TextBuffer {
    /// `0x`, sixteen digits and two spaces.
    private static var addressWidth: Int { 20 }

    /// A line for each frame, the leaf first.
    mutating func appendStack(_ number: UInt32, _ names: TraceNames) {
        guard number != 0 else { return }
        guard let stack = names.stacks.find(number) else { return append("      (the stack was lost)\n") }
        for frame in stack.frames { appendFrame(frame, names) }
        if stack.isTruncated { append("      (and further frames)\n") }
    }

    /// `      0x7f0e8c01a2b0    libfoo.so+0x1a2b0  Foo+0x1c`
    private mutating func appendFrame(_ frame: StackStore.Frame, _ names: TraceNames) {
        append("      ")
        let start = count
        hexadecimal(frame.address)
        if frame.place.region != .kernel, let mapping = names.mapping(frame.place) {
            pad(from: start, to: Self.addressWidth)
            append(text: SafeText.escaped(Array(mapping.utf8.suffix(while: { $0 != UInt8(ascii: "/") }))))
            append("+")
            hexadecimal(frame.place.offset)
        }
        if let symbol = names.symbol(frame) {
            append("  ")
            append(text: SafeText.escaped(Array(symbol.name.utf8)))
            append("+")
            hexadecimal(symbol.offset)
        }
        append("\n")
    }
}

extension String.UTF8View {
    /// The longest end of which every byte is wanted.
    fileprivate func suffix(while isWanted: (UInt8) -> Bool) -> Substring.UTF8View {
        var start = endIndex
        while start > startIndex, isWanted(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
