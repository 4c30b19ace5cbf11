import FaultModel
import Testing

@testable import Preflight

@Suite struct DenialTests {
    private static let log = """
        <36>[   12.345678] audit: type=1400 audit(1700000000.123:45): avc:  denied  { prog_load } for  pid=7 comm="faultline-agent" \
        scontext=u:r:shell:s0 tcontext=u:r:shell:s0 tclass=bpf permissive=0
        <6>[   12.4] binder: something else was denied
        <36>[   12.5] type=1400 audit(0.0:46): avc: denied { open cpu } for pid=8 comm="x" scontext=u:r:shell:s0 tcontext=u:r:shell:s0 \
        tclass=perf_event permissive=0
        <36>[   12.6] avc:  granted  { prog_load } for  pid=7 scontext=a:b:c:d tcontext=a:b:c:d tclass=bpf
        <36>[   12.7] avc:  denied  { read } for  pid=7 name="events" scontext=u:r:shell:s0 tcontext=u:object_r:debugfs_tracing:s0 tclass=dir
        """

    private static let prog = Denial(line: Array(log.utf8)[...].split(separator: UInt8(ascii: "\n"))[0])!

    @Test func `denials are found among the kernel's other messages`() {
        let denials = Denial.all(in: Array(Self.log.utf8)[...])
        #expect(denials.map(\.pid) == [7, 8, 7])
        #expect(denials.map(\.permissions) == [["prog_load"], ["open", "cpu"], ["read"]])
        #expect(denials.map(\.targetClass) == ["bpf", "perf_event", "dir"])
        #expect(denials[0].source == "u:r:shell:s0")
    }

    @Test func `what was cut tells nothing`() {
        let line = Array(Self.log.utf8).prefix { $0 != UInt8(ascii: "\n") }
        for length in line.indices.dropLast(" permissive=0".count + "tclass=bpf".count + 1) {
            #expect(Denial(line: line.prefix(length)) == nil)
        }
    }

    @Test func `a denial names the rule that would allow it`() {
        let rules = Denial.all(in: Array(Self.log.utf8)[...]).map(\.rule)
        #expect(
            rules == [
                "allow shell self:bpf { prog_load };", "allow shell self:perf_event { cpu open };",
                "allow shell debugfs_tracing:dir { read };",
            ])
    }

    @Test func `a refusal is explained by what was denied`() {
        let check = DeviceFacts.phone {
            $0.bpf.program = .eacces
            $0.denials = [Self.prog]
        }.check(.selinux)
        #expect(check.status == .fail)
        #expect(check.remedy?.contains("allow shell self:bpf { prog_load };") == true)
    }

    /// A capability that SELinux denies looks to the kernel like one that is not there: EPERM.
    @Test func `a denied capability is SELinux's doing though the error is EPERM`() {
        var denial = Self.prog
        (denial.targetClass, denial.permissions) = ("capability2", ["bpf"])
        let check = DeviceFacts.phone {
            $0.bpf.program = .eperm
            $0.denials = [denial]
        }.check(.selinux)
        #expect(check.status == .fail)
        #expect(check.remedy?.contains("allow shell self:capability2 { bpf };") == true)
    }

    @Test func `what was denied of something else explains nothing`() {
        var denial = Self.prog
        denial.targetClass = "perf_event"
        let facts = DeviceFacts.phone { $0.denials = [denial] }
        #expect(facts.obstacle(behind: .notPermitted, of: .bpf) == .unexplained(.notPermitted))
        #expect(facts.rules(for: .perfEventOpen) == ["allow shell self:perf_event { prog_load };"])
    }

    @Test func `rules of one class are one rule`() {
        var other = Self.prog
        other.permissions = ["map_create", "prog_load"]
        let facts = DeviceFacts.phone { $0.denials = [Self.prog, other] }
        #expect(facts.rules(for: .bpf) == ["allow shell self:bpf { map_create prog_load };"])
    }
}
