public import FaultModel
public import TraceModel
public import WireProtocol

/// What a trace has come to, for one viewer. Times are nanoseconds since the trace began.
public struct LiveView: Sendable {
    public let connection: LiveConnection
    /// nil: no device has come.
    public let session: TraceSession?
    /// Of the wall clock.
    public let beganNs: UInt64
    public let nowNs: UInt64
    // Of the whole trace.
    public let events: UInt64
    public let lost: UInt64
    public let gaps: UInt64
    /// The times of which nothing is known, because the connection was lost.
    public let outages: [Range<UInt64>]
    public let heldBack: UInt64
    public let agent: Stats?
    /// Of what is selected.
    public let columns: Columns
    public let sum: Sum
    public let byCause: [Share<FaultCause>]
    public let byOutcome: [Share<FaultOutcome>]
    public let byAccess: [Share<FaultAccess>]
    public let byMode: [Share<FaultMode>]
    public let timeline: [Line<FaultCause?>]
    public let lostOverTime: [UInt64]
    /// By step of latency, `LatencyStep`; the first is of those whose latency is not known.
    public let latency: [[UInt64]]
    public let processes: [ProcessRow]
    public let otherProcesses: Sum
    public let threads: [ThreadRow]
    public let mappings: [MappingRow]
    public let stacks: StackNode
    public let hasWholeStacks: Bool
    public let newest: [NewestRow]
    /// The chosen process; nil: none is.
    public let process: LiveProcess?

    /// The steps of time: `count` of them, `widthNs` wide, the first from `startNs` on.
    public struct Columns: Equatable, Sendable {
        public let startNs: UInt64
        public let widthNs: UInt64
        public let count: Int
    }

    /// Faults added up.
    public struct Sum: Equatable, Sendable {
        public internal(set) var events: UInt64 = 0
        public internal(set) var major: UInt64 = 0
        public internal(set) var latencyNs: UInt64 = 0
    }

    /// nil: not known.
    public struct Share<Value: Sendable & Hashable>: Equatable, Sendable {
        public let value: Value?
        public let sum: Sum
    }

    public struct Line<Value: Sendable>: Sendable {
        public let value: Value
        public let events: [UInt64]
    }

    public struct ProcessRow: Sendable {
        public let place: Int
        public let process: LiveProcess
        public let sum: Sum
    }

    public struct ThreadRow: Sendable {
        public let thread: LiveThread
        public let process: LiveProcess
        public let sum: Sum
    }

    public struct MappingRow: Sendable {
        /// Empty: memory without a name, or nothing that is known.
        public let name: String
        public let region: MemoryRegion
        public let sum: Sum
        /// By step of time; empty for all but the first rows.
        public internal(set) var columns: [UInt64]
    }

    /// A function and what it called.
    public struct StackNode: Sendable {
        public let label: String
        public internal(set) var sum: Sum
        public internal(set) var children: [StackNode]
    }

    public struct NewestRow: Sendable {
        public let fault: PageFault
        public let timeNs: UInt64
        public let process: String
        public let mapping: String
        public let function: String
    }
}
