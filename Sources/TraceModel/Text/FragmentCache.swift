public import FaultModel

/// Remembers the text that a thread or a kind of fault stands for, so that it is made once and not with every fault.
///
/// Every key has one slot, where the last key that came there stays: memory is bounded, a hit costs one comparison
/// and one copy.
public struct FragmentCache<Key: FragmentKey>: Sendable {
    @usableFromInline let slotMask: Int
    @usableFromInline var keys: [Key?]
    @usableFromInline var fragments: [[UInt8]]

    /// - Parameter slots: a power of two.
    public init(slots: Int) {
        precondition(slots.nonzeroBitCount == 1)
        slotMask = slots - 1
        keys = [Key?](repeating: nil, count: slots)
        fragments = [[UInt8]](repeating: [], count: slots)
    }

    /// Adds the key's text; makes it with `render` where it is not known.
    @inlinable
    public mutating func append(
        _ key: Key, to text: inout TextBuffer, render: (Key, inout TextBuffer) -> Void
    ) {
        let slot = key.slotHash & slotMask
        if keys[slot] == key { return text.append(fragments[slot]) }
        let start = text.count
        render(key, &text)
        keys[slot] = key
        fragments[slot] = Array(text.bytes[start...])
    }

    /// The same where making the text changes something else.
    @inlinable
    public mutating func append<Context>(
        _ key: Key, to text: inout TextBuffer, _ context: inout Context, render: (Key, inout Context, inout TextBuffer) -> Void
    ) {
        append(key, to: &text) { key, text in render(key, &context, &text) }
    }
}

/// What a fragment can be remembered by.
public protocol FragmentKey: Equatable, Sendable {
    /// Spreads keys over slots.
    var slotHash: Int { get }
}

extension FaultThread: FragmentKey {
    @inlinable
    public var slotHash: Int { Int(truncatingIfNeeded: tid) }
}

extension FaultKind: FragmentKey {
    @inlinable
    public var slotHash: Int {
        let code = errorCode.map(\.value) ?? 0
        return Int(truncatingIfNeeded: ((code << 8 | UInt64(traits.rawValue)) &* 0x9e37_79b9_7f4a_7c15) >> 40)
    }
}

/// A thread and the number of its process.
public struct ThreadKey: FragmentKey, Hashable {
    public let thread: FaultThread
    public let process: UInt32

    public init(_ fault: PageFault) { (thread, process) = (fault.thread, fault.process) }

    public var slotHash: Int { Int(truncatingIfNeeded: thread.tid) }
}

/// The number of a mapping's name.
public struct MappingKey: FragmentKey {
    public let name: UInt32

    public init(_ place: MemoryPlace) { name = place.name }

    public var slotHash: Int { Int(truncatingIfNeeded: name) }
}
