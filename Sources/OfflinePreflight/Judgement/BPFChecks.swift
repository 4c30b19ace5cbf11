import FaultModel
import KernelConfiguration

extension DumpFacts {
    /// CONFIG_BPF_JIT_ALWAYS_ON leaves no interpreter, CONFIG_BPF_JIT_DEFAULT_ON turns the switch on at boot.
    func checkBPFJIT() -> Check {
        let cost = "each fault costs several times more, because BPF is interpreted"
        if config.state(.bpfJIT) != true { return check(.bpfJIT, .bpfJIT, cost: cost) }
        for option in [KernelOption.bpfJITAlwaysOn, .bpfJITDefaultOn] where config.isOn(option) {
            return Check(.bpfJIT, .pass, found: "the configuration has " + option.rawValue)
        }
        return Check(
            .bpfJIT, .unknown, found: "the configuration has CONFIG_BPF_JIT and leaves it to a switch",
            remedy: "If BPF is interpreted, each fault costs several times more: write 1 to "
                + "/proc/sys/net/core/bpf_jit_enable.")
    }

    func checkBPFEvents() -> Check {
        check(
            .bpfEvents, hasBPFEvents, cost: "no source with BPF works, and perf_ring alone remains",
            advice: "only a kernel built with it has it", severity: .fail)
    }

    /// 5.8 brought BPF_MAP_TYPE_RINGBUF (commit 457f44363a88), 4.4 programs' output to perf event arrays.
    func checkRingbuf() -> Check {
        if config.state(.bpfSyscall) == false {
            return check(
                .ringbuf, .bpfSyscall, cost: "records of BPF programs have no way out of the kernel", severity: .fail)
        }
        return check(
            .ringbuf, isSince(KernelVersion(5, 8), "the BPF ring buffer"),
            cost: "records travel through one perf buffer a CPU, which costs more time and memory",
            advice: "only a newer kernel has it", severity: .warn)
    }
}
