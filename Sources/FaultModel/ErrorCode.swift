/// The number that the processor gave for a fault, and whose it is.
public enum ErrorCode: BitwiseCopyable, Equatable, Hashable, Sendable {
    /// x86's page-fault error code (Intel SDM vol. 3A, 4.7; AMD APM vol. 2, 8.4.2).
    case x86(UInt64)
    /// arm64's ESR_EL1 (Arm ARM, ESR_EL1).
    case esr(UInt64)

    /// The wire's and the JSON's name of the kind.
    public var kindName: String {
        switch self {
        case .x86: "x86"
        case .esr: "esr"
        }
    }

    public var value: UInt64 {
        switch self {
        case .x86(let value), .esr(let value): value
        }
    }

    /// What the set bits say, in the manuals' own abbreviations.
    public var flags: [String] {
        switch self {
        case .x86(let value): X86ErrorFlag.allCases.filter { value & $0.bit != 0 }.map { $0.name }
        case .esr(let value): Syndrome(value).flags
        }
    }
}

/// The bits of x86's page-fault error code.
public enum X86ErrorFlag: UInt8, CaseIterable, Sendable {
    case present = 0
    case write = 1
    case user = 2
    case reserved = 3
    case instruction = 4
    case protectionKey = 5
    case shadowStack = 6
    case hlat = 7
    case sgx = 15
    case rmp = 31

    public var bit: UInt64 { 1 << UInt64(rawValue) }

    public var name: String {
        switch self {
        case .present: "P"
        case .write: "W"
        case .user: "U"
        case .reserved: "RSVD"
        case .instruction: "I"
        case .protectionKey: "PK"
        case .shadowStack: "SS"
        case .hlat: "HLAT"
        case .sgx: "SGX"
        case .rmp: "RMP"
        }
    }
}

/// arm64's exception syndrome, as far as aborts go: EC in bits 31:26, and in the ISS CM (8), S1PTW (7), WnR (6)
/// and the fault status code (5:0).
public struct Syndrome: Equatable, Sendable {
    private let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    private var exceptionClass: UInt64 { value >> 26 & 0x3f }
    private var isInstructionAbort: Bool { exceptionClass == 0x20 || exceptionClass == 0x21 }
    private var isDataAbort: Bool { exceptionClass == 0x24 || exceptionClass == 0x25 }
    private var isFromUser: Bool { exceptionClass == 0x20 || exceptionClass == 0x24 }
    private var isCacheMaintenance: Bool { value & 1 << 8 != 0 }

    /// The abort's kind by FSC[5:2]: 0x04 translation, 0x08 access flag, 0x0c permission, 0x10 external; but 0x11 is a
    /// failed tag check (MTE), which has no name here.
    private var status: String? {
        switch value & 0x3c {
        case 0x00: "ADDRSIZE"
        case 0x04: "TRANSLATION"
        case 0x08: "ACCESSFLAG"
        case 0x0c: "PERMISSION"
        case 0x10 where value & 3 == 0: "EXTERNAL"
        default: nil
        }
    }

    /// The abbreviations of what is set; a cache maintenance instruction reports WnR without writing.
    public var flags: [String] {
        guard isInstructionAbort || isDataAbort else { return [] }
        var flags = [isFromUser ? "EL0" : "EL1", isInstructionAbort ? "IABT" : "DABT"]
        if let status { flags.append(status) }
        if isDataAbort, value & 1 << 6 != 0 { flags.append("WnR") }
        if isDataAbort, isCacheMaintenance { flags.append("CM") }
        if value & 1 << 7 != 0 { flags.append("S1PTW") }
        return flags
    }
}
