/// What an error code's flag says, in words.
enum FlagMeaning {
    /// One phrase; empty for a flag that this version does not know.
    static func text(_ flag: String) -> String { x86(flag) ?? esr(flag) ?? "" }

    private static func x86(_ flag: String) -> String? {
        switch flag {
        case "P": "a page was there, the access was not allowed"
        case "W": "write"
        case "U": "from user mode"
        case "RSVD": "a reserved bit was set in a page table"
        case "I": "instruction fetch"
        case "PK": "forbidden by a protection key"
        case "SS": "shadow stack"
        case "HLAT": "during a hypervisor-managed translation"
        case "SGX": "violates SGX's own access rules"
        case "RMP": "violates the reverse map table (SEV-SNP)"
        default: nil
        }
    }

    private static func esr(_ flag: String) -> String? {
        switch flag {
        case "EL0": "from user mode"
        case "EL1": "from the kernel"
        case "DABT": "data access"
        case "IABT": "instruction fetch"
        case "TRANSLATION": "no page was there"
        case "ACCESSFLAG": "the page's access flag was not set"
        case "PERMISSION": "a page was there, the access was not allowed"
        case "ADDRSIZE": "the address is too large"
        case "EXTERNAL": "reported from outside the processor"
        case "WnR": "write"
        case "CM": "cache maintenance or address translation"
        case "S1PTW": "while walking the guest's own page tables"
        default: nil
        }
    }
}
