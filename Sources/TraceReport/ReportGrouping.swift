import FaultModel
import TraceModel

/// By what a report adds faults up.
public enum ReportGrouping: String, CaseIterable, Sendable {
    case process, thread, package, user, mapping, region, cause, outcome, mode, access, cpu, function, stack

    /// A number that the faults of one group share, and those of no other, as far as can be told while faults come; groups that turn out
    /// to go by the same name are joined in the end.
    @inline(__always)
    func key(of fault: PageFault) -> UInt64 {
        switch self {
        case .process, .package: UInt64(fault.process) << 32 | UInt64(fault.thread.pid)
        case .thread: UInt64(fault.thread.tid) << 32 | UInt64(fault.thread.pid)
        case .user: UInt64(fault.thread.uid)
        case .mapping: UInt64(fault.place.name)
        case .region: UInt64(fault.place.region.rawValue)
        case .cause: UInt64(fault.cause?.rawValue ?? 0)
        case .outcome: UInt64(fault.kind.traits.outcome?.rawValue ?? 0)
        case .mode: UInt64(fault.kind.traits.mode?.rawValue ?? 0)
        case .access: UInt64(fault.kind.traits.access?.rawValue ?? 0)
        case .cpu: UInt64(fault.cpu)
        case .function: fault.code.name == 0 ? fault.ip & 0xffff_ffff_ffff : UInt64(fault.code.name) << 47 | fault.code.offset & 0x7fff_ffff_ffff
        case .stack: UInt64(fault.stacks.kernel) << 32 | UInt64(fault.stacks.user)
        }
    }
}
