import CLibbpf
import CLinux

extension FentryFacts {
    /// Attaches an empty program to handle_mm_fault for a moment: arm64's 5.10 and 6.1 load one and then refuse to
    /// attach it with ENOTSUPP, so that loading proves nothing.
    static func gathered() -> FentryFacts {
        var facts = FentryFacts(find: .untried, load: .untried, attach: .untried)
        libbpf_log_capture()
        let id = libbpf_find_vmlinux_btf_id("handle_mm_fault", BPF_TRACE_FENTRY)
        libbpf_log_clear()
        facts.find = Trial { () throws(Errno) in try require(id) }
        if id > 0 { facts.tryProgram(for: UInt32(id)) }
        return facts
    }

    private mutating func tryProgram(for id: UInt32) {
        do throws(Errno) {
            let program = try Descriptor(preflight_load_fentry(id))
            load = .worked
            attach = Trial { () throws(Errno) in _ = try Descriptor(preflight_attach_fentry(program.number)) }
        } catch {
            load = .refused(error)
        }
    }
}
