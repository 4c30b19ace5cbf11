import FaultModel
import JSONText
import TraceModel

extension TraceNames {
    /// A fault's stack by its number, empty where it has none; nil: it was lost.
    fileprivate func stack(_ number: UInt32) -> StackStore.Stack? { number == 0 ? .empty : stacks.find(number) }
}

extension JSONText {
    /// A member with the frames, the leaf first, and one that says whether there are more of them. Null: the stack was lost.
    mutating func stack(_ name: StaticString, _ truncated: StaticString, _ number: UInt32, _ names: TraceNames) {
        let stack = names.stack(number)
        key(name)
        if let stack { array(stack.frames) { frame, json in json.frame(frame, names) } } else { null() }
        key(truncated); bool(stack?.isTruncated)
    }

    private mutating func frame(_ frame: StackStore.Frame, _ names: TraceNames) {
        let (symbol, mapping) = (names.symbol(frame), names.mapping(frame.place))
        beginObject()
        key("address"); hexadecimal(frame.address)
        key("symbol"); string(symbol?.name)
        key("symbol_offset")
        if let symbol { hexadecimal(symbol.offset) } else { null() }
        key("mapping"); string(mapping)
        key("offset")
        if mapping == nil { null() } else { hexadecimal(frame.place.offset) }
        endObject()
    }
}

extension TextBuffer {
    /// A field of a row: frames joined by `;`, the leaf first, each by the best name that it has.
    mutating func stackField(_ number: UInt32, _ names: TraceNames) {
        guard let stack = names.stack(number) else { return append("[lost]") }
        var words = stack.frames.map { names.word($0) }
        if stack.isTruncated { words.append("[truncated]") }
        append(text: csvQuoted(words.joined(separator: ";")))
    }
}

extension TraceNames {
    fileprivate func word(_ frame: StackStore.Frame) -> String {
        if let symbol = symbol(frame) { return symbol.name }
        guard let mapping = mapping(frame.place) else { return "0x" + String(frame.address, radix: 16) }
        return mapping + "+0x" + String(frame.place.offset, radix: 16)
    }
}
