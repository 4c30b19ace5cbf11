import CLibbpf
import CLinux

extension PerfFacts {
    static func gathered() -> PerfFacts {
        PerfFacts(
            pageFaults: Trial { () throws(Errno) in _ = try Descriptor(linux_open_software_event(UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue), 0)) },
            paranoid: KernelFiles.text("/proc/sys/kernel/perf_event_paranoid"))
    }
}

extension KprobeFacts {
    static func gathered(tracefs: Tracefs) -> KprobeFacts {
        let type = KernelFiles.number("/sys/bus/event_source/devices/kprobe/type")
        return KprobeFacts(
            pmuType: type,
            opened: type.value.map { open("handle_mm_fault", pmuType: $0) } ?? .untried,
            classic: type.value.map { open("do_page_fault", pmuType: $0) } ?? .untried,
            eventsFile: tracefs.path.map { KernelFiles.reach($0 + "/kprobe_events") } ?? .untried)
    }

    private static func open(_ function: String, pmuType: UInt64) -> Trial {
        Trial { () throws(Errno) in
            _ = try Descriptor(preflight_open_kprobe(UInt32(truncatingIfNeeded: pmuType), function))
        }
    }
}
