import FaultModel
import Testing

struct ErrorCodeTests {
    // MARK: x86 (Intel SDM vol. 3A, figure 4-12; AMD APM vol. 2, 8.4.2)

    @Test(arguments: [
        (0, "P"), (1, "W"), (2, "U"), (3, "RSVD"), (4, "I"), (5, "PK"), (6, "SS"), (7, "HLAT"), (15, "SGX"), (31, "RMP"),
    ] as [(UInt64, String)])
    func `each x86 bit has its manual's name`(bit: UInt64, name: String) {
        #expect(ErrorCode.x86(1 << bit).flags == [name])
        #expect(X86ErrorFlag(rawValue: UInt8(bit))?.bit == 1 << bit)
    }

    @Test func `x86 flags are listed from the lowest bit`() {
        #expect(ErrorCode.x86(0).flags.isEmpty)
        #expect(ErrorCode.x86(7).flags == ["P", "W", "U"])
        #expect(ErrorCode.x86(.max).flags == X86ErrorFlag.allCases.map(\.name))
    }

    @Test func `bits without a name are passed over`() {
        let named = X86ErrorFlag.allCases.reduce(0 as UInt64) { $0 | $1.bit }
        #expect(ErrorCode.x86(~named).flags.isEmpty)
    }

    @Test func `a code keeps its kind and its value`() {
        #expect((ErrorCode.x86(6).kindName, ErrorCode.x86(6).value) == ("x86", 6))
        #expect((ErrorCode.esr(.max).kindName, ErrorCode.esr(.max).value) == ("esr", .max))
        #expect(ErrorCode.x86(6) != ErrorCode.esr(6))
    }

    // MARK: arm64 (Arm ARM, ESR_EL1)

    /// A syndrome by hand: exception class in bits 31:26, IL in 25, CM in 8, S1PTW in 7, WnR in 6, status in 5:0.
    private func flags(
        class exceptionClass: UInt64, status: UInt64, cm: UInt64 = 0, s1ptw: UInt64 = 0, wnr: UInt64 = 0
    ) -> [String] {
        ErrorCode.esr(exceptionClass << 26 | 1 << 25 | cm << 8 | s1ptw << 7 | wnr << 6 | status).flags
    }

    @Test(arguments: [
        // class 0x24 (data, lower level), level 3 translation fault, write: a program's first touch of a page
        (0x9200_0047, ["EL0", "DABT", "TRANSLATION", "WnR"]),
        // class 0x24, level 2 translation fault, read
        (0x9200_0006, ["EL0", "DABT", "TRANSLATION"]),
        // class 0x24, level 3 permission fault, write: copy on write
        (0x9200_004f, ["EL0", "DABT", "PERMISSION", "WnR"]),
        // class 0x25 (data, same level), level 3 translation fault, read: copy_from_user
        (0x9600_0007, ["EL1", "DABT", "TRANSLATION"]),
        // class 0x20 (instruction, lower level), level 3 translation fault
        (0x8200_0007, ["EL0", "IABT", "TRANSLATION"]),
        // class 0x21 (instruction, same level), level 0 address size fault
        (0x8600_0000, ["EL1", "IABT", "ADDRSIZE"]),
        // class 0x24, level 3 translation fault, DC CIVAC by a program: WnR and CM
        (0x9200_0147, ["EL0", "DABT", "TRANSLATION", "WnR", "CM"]),
    ] as [(UInt64, [String])])
    func `a syndrome as the kernel prints it is told`(value: UInt64, flags: [String]) {
        #expect(ErrorCode.esr(value).flags == flags)
    }

    @Test func `each status code has its kind, at each level`() {
        for level: UInt64 in 0..<4 {
            #expect(flags(class: 0x24, status: 0x00 | level) == ["EL0", "DABT", "ADDRSIZE"])
            #expect(flags(class: 0x24, status: 0x04 | level) == ["EL0", "DABT", "TRANSLATION"])
            #expect(flags(class: 0x24, status: 0x08 | level) == ["EL0", "DABT", "ACCESSFLAG"])
            #expect(flags(class: 0x24, status: 0x0c | level) == ["EL0", "DABT", "PERMISSION"])
        }
        #expect(flags(class: 0x24, status: 0x10) == ["EL0", "DABT", "EXTERNAL"])
    }

    @Test func `a failed tag check is not called external, nor anything else without a name`() {
        for status: UInt64 in [0x11, 0x12, 0x13, 0x14, 0x21, 0x30, 0x3f] {
            #expect(flags(class: 0x24, status: status) == ["EL0", "DABT"])
        }
    }

    @Test func `an instruction fetch neither writes nor maintains caches`() {
        #expect(flags(class: 0x20, status: 7, cm: 1, wnr: 1) == ["EL0", "IABT", "TRANSLATION"])
    }

    @Test func `a walk of the guest's own tables is told for both`() {
        #expect(flags(class: 0x21, status: 7, s1ptw: 1).last == "S1PTW")
        #expect(flags(class: 0x25, status: 7, s1ptw: 1).last == "S1PTW")
    }

    @Test func `other exceptions have no flags`() {
        for exceptionClass: UInt64 in 0..<64 where ![0x20, 0x21, 0x24, 0x25].contains(exceptionClass) {
            #expect(flags(class: exceptionClass, status: 7, wnr: 1).isEmpty)
        }
    }

    @Test func `what stands above 32 bits does not matter`() {
        // ISS2 (bits 36:32) and beyond, as ARMv8.7 and LS64 use them.
        #expect(ErrorCode.esr(0xffff_ffff_9200_0047).flags == ErrorCode.esr(0x9200_0047).flags)
    }
}
