import Testing

@testable import KernelConfiguration

@Suite struct KernelConfigTests {
    private func parse(_ text: String) -> KernelConfig { KernelConfig(text: Array(text.utf8)) }

    private let sample = """
        #
        # Automatically generated file; DO NOT EDIT.
        # Linux/arm64 5.10.101 Kernel Configuration
        #
        CONFIG_CC_VERSION_TEXT="Android (7284624, based on r416183b) clang version 12.0.5"
        CONFIG_BPF_SYSCALL=y
        CONFIG_SECURITY_SELINUX=m
        # CONFIG_KPROBES is not set
        CONFIG_PERF_EVENTS=n

        """

    @Test func readsEveryKindOfLine() {
        let config = parse(sample)
        #expect(config[.bpfSyscall] == .builtIn)
        #expect(config[.selinux] == .module)
        #expect(config[.kprobes] == .off)
        #expect(config[.perfEvents] == .off)
        #expect(config[.bpfEvents] == nil)
        #expect(config.release == "5.10.101")
        #expect(config.optionCount == 5)
    }

    @Test func onMeansBuiltInOrModule() {
        let config = parse(sample)
        #expect(config.isOn(.bpfSyscall))
        #expect(config.isOn(.selinux))
        #expect(!config.isOn(.kprobes))
        #expect(!config.isOn(.bpfEvents))
    }

    @Test func takesCarriageReturnsAndNoFinalNewline() {
        let config = parse("CONFIG_KPROBES=y\r\n# CONFIG_BPF_JIT is not set\r\nCONFIG_BPF_EVENTS=y")
        #expect(config.isOn(.kprobes))
        #expect(config[.bpfJIT] == .off)
        #expect(config.isOn(.bpfEvents))
    }

    @Test func namesAreComparedWhole() {
        #expect(parse("CONFIG_BPF_JIT_DEFAULT_ON=y\nCONFIG_HAVE_KPROBES=y")[.bpfJIT] == nil)
        #expect(parse(" CONFIG_KPROBES=y").optionCount == 0)
        #expect(parse(" CONFIG_KPROBES=y").strangeLineCount == 1)
    }

    @Test func keepsOtherValues() {
        #expect(parse("CONFIG_BPF_JIT=\"odd\"")[.bpfJIT] == .other("\"odd\""))
        #expect(!parse("CONFIG_BPF_JIT=1").isOn(.bpfJIT))
    }

    @Test(arguments: ["", "\n\n", "=y", "# ", "#", "CONFIG_", "# CONFIG_KPROBES", "# Linux/", "\u{1f}\u{8b}\u{8}"])
    func nothingInNothingOut(_ text: String) {
        #expect(parse(text).optionCount == 0)
        #expect(parse(text).release == nil)
    }

    @Test func survivesTruncationAnywhere() {
        let bytes = Array(sample.utf8)
        for length in 0...bytes.count { _ = KernelConfig(text: Array(bytes[..<length])) }
    }
}
