import CConfinement
import CLinux

/// What the agent may do: nothing that takes a capability until a controller has shown the token, then what the preflight and
/// attaching take while they last, and in a trace what goes on to be needed, for good.
enum Rights {
    static func putAside() { _ = confine_rest() }

    /// Runs `body` with all capabilities that this process has.
    static func inUse<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        _ = confine_wake()
        defer { putAside() }
        return try body()
    }

    /// Keeps what a trace needs that has attached. It goes on also where the kernel refuses to filter system calls.
    static func keep(forTracing trace: Trace) {
        _ = confine_wake()
        let result = confine_tracer(confine_needs(bpf: trace.usesBPF, child: trace.commandPid))
        guard result < 0 else { return }
        let reason = String(cString: linux_error_name(-result))
        Console.error("faultline-agent: the trace runs without a filter of system calls, which this kernel refuses (\(reason))")
    }
}
