import FaultModel
import KernelConfiguration

/// A system call that tracing stands on.
enum TracingCall: Sendable {
    case bpf
    case perfEventOpen

    var name: String {
        switch self {
        case .bpf: "bpf(2)"
        case .perfEventOpen: "perf_event_open(2)"
        }
    }

    var option: KernelOption {
        switch self {
        case .bpf: .bpfSyscall
        case .perfEventOpen: .perfEvents
        }
    }

    /// Its class in SELinux policies: security/selinux/include/classmap.h.
    var selinuxClass: String {
        switch self {
        case .bpf: "bpf"
        case .perfEventOpen: "perf_event"
        }
    }
}

/// The likely reason why the kernel refused one of those calls.
enum Obstacle: Equatable, Sendable {
    case compiledOut
    case capabilities(missing: String)
    case userNamespace
    case seccomp
    case selinux(domain: String)
    /// Distributions and Android have levels beyond upstream's 2, at which CAP_PERFMON is not enough.
    case paranoid(level: String)
    case lockdown
    /// Without /proc it cannot be told whether the capabilities count here.
    case noProc
    case shortage(Errno)
    case unexplained(Errno)
}

extension DeviceFacts {
    /// Whether nothing but the kernel's own abilities and policies stands between this process and tracing.
    var isPrivileged: Bool { process.capabilities.value?.canTrace ?? false && capabilitiesCount }

    /// Whether they are those of the initial user namespace; where /proc does not tell, by what they opened.
    var capabilitiesCount: Bool {
        process.isInInitialUserNamespace ?? (bpf.tracepointProgram == .worked || perf.pageFaults == .worked)
    }

    /// Works out what stands behind an error number of one of the calls.
    func obstacle(behind errno: Errno, of call: TracingCall) -> Obstacle {
        if errno == .noSuchCall { return missingCall(call) }
        if errno.isShortage { return .shortage(errno) }
        guard errno.isPermission else { return .unexplained(errno) }
        if let missing = process.capabilities.value?.missing { return .capabilities(missing: missing) }
        if !capabilitiesCount { return process.isInInitialUserNamespace == nil ? .noProc : .userNamespace }
        if errno == .accessDenied, call == .perfEventOpen, let level = paranoidBeyondRights { return .paranoid(level: level) }
        if selinux.mode == .enforcing, errno == .accessDenied || !rules(for: call).isEmpty {
            return .selinux(domain: selinux.domain ?? "this domain")
        }
        if process.hasSeccompFilter == true { return .seccomp }
        if isConfidential == true { return .lockdown }
        return .unexplained(errno)
    }

    private var paranoidBeyondRights: String? {
        guard let level = perf.paranoid.value, let number = Int(level), number > 2 else { return nil }
        return process.capabilities.value?.contains(.sysAdmin) == false ? level : nil
    }

    private func missingCall(_ call: TracingCall) -> Obstacle {
        let isConfigured = config.value?.isOn(call.option) == true
        return isConfigured || process.hasSeccompFilter == true ? .seccomp : .compiledOut
    }

    /// The obstacle and what to do about it, one clause to stand after a colon or at the end of a sentence.
    func advice(on errno: Errno, of call: TracingCall) -> String {
        let obstacle = obstacle(behind: errno, of: call)
        guard case .selinux(let domain) = obstacle, case let rules = rules(for: call), !rules.isEmpty else { return obstacle.advice(on: call) }
        return "SELinux denies it to \(domain), so run the agent in a domain that may (a root shell's), or add to the policy what the "
            + "kernel's log says it lacks (android/README.md): " + rules.joined(separator: " ")
    }
}

extension Obstacle {
    func advice(on call: TracingCall) -> String {
        switch self {
        case .compiledOut:
            "the kernel is built without \(call.option.rawValue), which only another kernel changes"
        case .capabilities(let missing):
            "this process lacks \(missing), so run the agent as root"
        case .userNamespace:
            "capabilities count only in the initial user namespace, so run the agent outside of this one"
        case .seccomp:
            "a seccomp filter answers for the kernel, so run the agent outside of this container or app"
        case .selinux(let domain):
            "SELinux denies it to \(domain), so run the agent in a domain that may "
                + "(a root shell's), or allow it the class \(call.selinuxClass)"
        case .paranoid(let level):
            "perf_event_paranoid is \(level), which leaves it to CAP_SYS_ADMIN, so run the agent with that, or write 2 to "
                + "/proc/sys/kernel/perf_event_paranoid"
        case .lockdown:
            "the kernel is locked down, so boot it without lockdown=confidentiality"
        case .noProc:
            "whether capabilities count here cannot be told, so mount proc at /proc and try again"
        case .shortage(let errno):
            "\(errno.text) is a shortage of our own, so try again with more memory and descriptors"
        case .unexplained(let errno):
            "\(call.name) answered \(errno.text) though no right is missing, so look for the reason in dmesg"
        }
    }
}
