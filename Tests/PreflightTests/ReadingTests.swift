import FaultModel
import KernelConfiguration
import Testing

@testable import Preflight

@Suite struct ReadingTests {
    @Test(arguments: [
        ("5.10.101-android12-9", KernelVersion(5, 10)), ("6.18.44", KernelVersion(6, 18)),
        ("4.9", KernelVersion(4, 9)), ("6.1-rc3", KernelVersion(6, 1)), ("7.2+", KernelVersion(7, 2)),
    ])
    func versions(_ release: String, _ version: KernelVersion) {
        #expect(KernelVersion(release: release) == version)
    }

    @Test(arguments: ["", "5", "five.ten", ".", "..", "-1.2"])
    func noVersions(_ release: String) {
        #expect(KernelVersion(release: release) == nil)
    }

    @Test func versionsAreOrderedByNumber() {
        #expect(KernelVersion(5, 9) < KernelVersion(5, 10))
        #expect(KernelVersion(4, 19) < KernelVersion(5, 4))
    }

    @Test func errorsHaveNameAndNumber() {
        #expect(Errno.notPermitted.text == "EPERM (1)")
        #expect(Errno.notSupported.text == "ENOTSUPP (524)")
        #expect(Errno(code: 9999).text == "error (9999)")
    }

    @Test(arguments: [
        ("[none] integrity confidentiality", Lockdown.none),
        ("none [integrity] confidentiality", .integrity),
        ("none integrity [confidentiality]", .confidentiality),
    ])
    func lockdownLevels(_ text: String, _ level: Lockdown) {
        #expect(Lockdown(text: text) == level)
    }

    @Test(arguments: ["", "none", "[]", "[", "[total]"])
    func noLockdownLevel(_ text: String) {
        #expect(Lockdown(text: text) == nil)
    }

    @Test func capabilitiesThatSuffice() {
        #expect(CapabilitySet.sysAdmin.missing == nil)
        #expect(CapabilitySet([.bpf, .perfmon]).missing == nil)
        #expect(CapabilitySet.bpf.missing == "CAP_PERFMON")
        #expect(CapabilitySet.perfmon.missing == "CAP_BPF")
        #expect(CapabilitySet([]).missing == "CAP_SYS_ADMIN (or CAP_BPF and CAP_PERFMON)")
    }

    @Test func userNamespaces() {
        #expect(ProcessFacts.mapsEveryUser("         0          0 4294967295"))
        #expect(!ProcessFacts.mapsEveryUser("         0       1000          1"))
        #expect(!ProcessFacts.mapsEveryUser(""))
    }

    @Test func seccompFilters() {
        #expect(ProcessFacts.namesSeccompFilter("Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1"))
        #expect(!ProcessFacts.namesSeccompFilter("Seccomp:\t0\nSeccomp_filters:\t2"))
        #expect(!ProcessFacts.namesSeccompFilter(""))
    }

    @Test func selinuxModes() {
        typealias Mode = PreflightReport.SELinux.Mode
        let none: Reading<String> = .failure(.noSuchFile)
        #expect(Mode(enforce: .success("1"), filesystems: none) == .enforcing)
        #expect(Mode(enforce: .success("0"), filesystems: none) == .permissive)
        #expect(Mode(enforce: none, filesystems: .success("nodev\tsysfs\n\text4")) == .disabled)
        #expect(Mode(enforce: none, filesystems: .success("nodev\tselinuxfs\n")) == .unknown)
        #expect(Mode(enforce: .failure(.accessDenied), filesystems: none) == .unknown)
    }

    @Test func domainsAreToldFromOtherModulesWords() {
        typealias SELinux = PreflightReport.SELinux
        #expect(SELinux.domain("u:r:su:s0", in: .enforcing) == "u:r:su:s0")
        #expect(SELinux.domain("kernel", in: .permissive) == "kernel")
        #expect(SELinux.domain("u:r:shell:s0", in: .unknown) == "u:r:shell:s0")
        #expect(SELinux.domain("unconfined", in: .unknown) == nil)
        #expect(SELinux.domain("unconfined", in: .disabled) == nil)
    }

    @Test func trimsWhatTheKernelPuts() {
        #expect(KernelFiles.trimmed([0x75, 0x3a, 0x72, 0]) == "u:r")
        #expect(KernelFiles.trimmed([0x31, 0x0a]) == "1")
        #expect(KernelFiles.trimmed([0x0a, 0x00]) == "")
    }

    @Test func theFirstFailureStandsForAll() {
        #expect([Trial.worked, .worked].combined == .worked)
        #expect([Trial.worked, .einval, .eperm].combined == .einval)
        #expect([Trial.worked, .untried].combined == .untried)
    }
}
