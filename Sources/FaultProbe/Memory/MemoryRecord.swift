public import FaultModel

/// Something that happened to a process's memory.
public struct MemoryRecord {
    public enum What {
        /// It stands where other mappings may have stood before.
        case mapped(MemoryMapping)
        case forked(parent: UInt32)
        /// Another program runs, and the main thread has its name.
        case executed(name: String)
        /// The main thread has another name.
        case renamed(name: String)
        case exited
    }

    public let pid: UInt32
    /// CLOCK_MONOTONIC.
    public let timeNs: UInt64
    public let what: What

    public var isBirth: Bool { if case .forked = what { true } else { false } }

    public init(pid: UInt32, timeNs: UInt64, what: What) {
        self.pid = pid
        self.timeNs = timeNs
        self.what = what
    }
}
