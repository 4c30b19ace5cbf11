import FaultModel
import KernelConfiguration
import Testing

@testable import Preflight

@Suite struct ObstacleTests {
    private func obstacle(
        _ errno: Errno, _ call: TracingCall = .bpf, change: (inout DeviceFacts) -> Void = { _ in }
    ) -> Obstacle {
        DeviceFacts.phone(change).obstacle(behind: errno, of: call)
    }

    @Test func aMissingCallIsCompiledOut() {
        #expect(obstacle(.noSuchCall) { $0.config = .failure(.noSuchFile) } == .compiledOut)
        #expect(obstacle(.noSuchCall) { $0.config = .success(.without(.bpfSyscall)) } == .compiledOut)
    }

    @Test func aMissingCallThatIsConfiguredIsFiltered() {
        #expect(obstacle(.noSuchCall) == .seccomp)
        #expect(obstacle(.noSuchCall, .perfEventOpen) { $0.config = .success(.without(.bpfSyscall)) } == .seccomp)
    }

    @Test func capabilitiesComeFirst() {
        let missing = "CAP_SYS_ADMIN (or CAP_BPF and CAP_PERFMON)"
        #expect(obstacle(.accessDenied) { $0.process.capabilities = .success([]) } == .capabilities(missing: missing))
        #expect(obstacle(.notPermitted) { $0.process.isInInitialUserNamespace = false } == .userNamespace)
    }

    @Test func withoutProcTheNamespaceIsKnownByDeeds() {
        func refused(_ facts: inout DeviceFacts) {
            facts.process.isInInitialUserNamespace = nil
            (facts.bpf.tracepointProgram, facts.perf.pageFaults) = (.eperm, .eacces)
        }
        #expect(obstacle(.notPermitted, change: refused) == .noProc)
        #expect(obstacle(.accessDenied) { $0.process.isInInitialUserNamespace = nil } == .selinux(domain: "u:r:su:s0"))
    }

    @Test func selinuxAnswersWithEACCESOnly() {
        #expect(obstacle(.accessDenied) == .selinux(domain: "u:r:su:s0"))
        #expect(obstacle(.notPermitted) == .unexplained(.notPermitted))
        #expect(obstacle(.accessDenied) { $0.selinux.mode = .permissive } == .unexplained(.accessDenied))
    }

    @Test func paranoiaBeyondUpstreamsWantsTheAdministrator() {
        func confined(_ facts: inout DeviceFacts) { facts.process.capabilities = .success([.bpf, .perfmon]) }
        #expect(obstacle(.accessDenied, .perfEventOpen, change: confined) == .paranoid(level: "3"))
        #expect(obstacle(.accessDenied, .bpf, change: confined) == .selinux(domain: "u:r:su:s0"))
        #expect(obstacle(.accessDenied, .perfEventOpen) { confined(&$0); $0.perf.paranoid = .success("2") } == .selinux(domain: "u:r:su:s0"))
        #expect(obstacle(.accessDenied, .perfEventOpen) == .selinux(domain: "u:r:su:s0"))
    }

    @Test func whatElseForbids() {
        #expect(obstacle(.notPermitted) { $0.process.hasSeccompFilter = true } == .seccomp)
        #expect(obstacle(.notPermitted) { $0.lockdown = .success("none integrity [confidentiality]") } == .lockdown)
        #expect(obstacle(.invalid) == .unexplained(.invalid))
        #expect(obstacle(Errno(code: 24)) == .shortage(Errno(code: 24)))
    }

    @Test func adviceNamesWhatItIsAbout() {
        #expect(Obstacle.compiledOut.advice(on: .perfEventOpen).contains("CONFIG_PERF_EVENTS"))
        #expect(Obstacle.selinux(domain: "u:r:shell:s0").advice(on: .bpf).contains("u:r:shell:s0"))
        #expect(Obstacle.unexplained(.invalid).advice(on: .bpf).contains("EINVAL (22)"))
    }
}
