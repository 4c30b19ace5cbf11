import FaultModel
import KernelConfiguration

/// Something that a trace can do without, and what its loss costs.
struct OptionalPart {
    var id: CheckID
    /// Through which call it was tried.
    var call: TracingCall
    /// What happens without it: a clause that stands after these two words.
    var cost: String
    /// The option that gives it.
    var option: KernelOption?
    var severity: CheckStatus = .warn
}

extension DeviceFacts {
    /// Judges the trial of such a part. Refused for want of rights or memory it stays unknown, unless the kernel's
    /// configuration answers: the question was not put to the kernel but to the doorkeeper.
    func check(_ part: OptionalPart, _ trial: Trial, found: String) -> Check {
        if trial == .worked { return Check(part.id, .pass, found: found) }
        if let option = part.option, let config = config.value, !config.isOn(option) {
            return Check(
                part.id, part.severity, found: found + "; \(option.rawValue) is off",
                remedy: "Without it \(part.cost); only a kernel built with \(option.rawValue) has it.")
        }
        guard let errno = trial.errno else { return unknown(part, found: found) }
        if errno.isShortage || errno.isPermission && !isPrivileged {
            return Check(
                part.id, .unknown, found: found, remedy: "Could not be tried: \(advice(on: errno, of: part.call)).")
        }
        return Check(
            part.id, part.severity, found: found, remedy: "Without it " + part.cost + remark(on: errno, part.call))
    }

    /// For a question that could not be put at all.
    func unknown(_ part: OptionalPart, found: String) -> Check {
        Check(part.id, .unknown, found: found, remedy: "Could not be tried; without it \(part.cost).")
    }

    /// For errors that speak of rights, why; the others mean that the kernel does not have it.
    private func remark(on errno: Errno, _ call: TracingCall) -> String {
        errno.isPermission ? ": \(advice(on: errno, of: call))." : "; this kernel does not have it."
    }
}
