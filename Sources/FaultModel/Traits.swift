/// Who faulted: a program, or the kernel on its behalf (copy_to_user and the like).
public enum FaultMode: UInt8, CaseIterable, Sendable {
    case user = 1
    case kernel = 2
}

/// What the instruction wanted to do.
public enum FaultAccess: UInt8, CaseIterable, Sendable {
    case read = 1
    case write = 2
    case execute = 3
}

/// How the fault ended.
public enum FaultOutcome: UInt8, CaseIterable, Sendable {
    /// The page was made ready without waiting for I/O.
    case minor = 1
    /// The kernel had to wait for the page: a read from storage or from swap, zram included.
    case major = 2
    /// The access was not allowed: a signal, or an error to the system call.
    case failed = 3
}

/// Four answers about a fault in one byte, as `fault_record.traits` packs them: mode in bits 0-1, access in
/// 2-3, present in 4-5, outcome in 6-7. Zero means that the source cannot tell.
public struct FaultTraits: RawRepresentable, BitwiseCopyable, Equatable, Hashable, Sendable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public var mode: FaultMode? { FaultMode(rawValue: field(0)) }
    public var access: FaultAccess? { FaultAccess(rawValue: field(2)) }
    public var outcome: FaultOutcome? { FaultOutcome(rawValue: field(6)) }

    /// Whether a page was mapped there already, so that the fault is one of protection.
    public var present: Bool? {
        switch field(4) {
        case 1: false
        case 2: true
        default: nil
        }
    }

    private func field(_ shift: UInt8) -> UInt8 { rawValue >> shift & 3 }
}

extension FaultMode {
    public var name: String {
        switch self {
        case .user: "user"
        case .kernel: "kernel"
        }
    }
}

extension FaultAccess {
    public var name: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .execute: "execute"
        }
    }
}

extension FaultOutcome {
    public var name: String {
        switch self {
        case .minor: "minor"
        case .major: "major"
        case .failed: "failed"
        }
    }
}
