import ArgumentParser

/// The files that a device is judged by without asking it.
struct DumpOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kernel's configuration: /proc/config.gz.", valueName: "file"), completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("Its tracepoints: /sys/kernel/tracing/available_events.", valueName: "file"), completion: .file())
    var events: String?

    @Option(help: ArgumentHelp("Its symbols: /proc/kallsyms.", valueName: "file"), completion: .file())
    var kallsyms: String?

    /// Nil when a device is to be asked.
    var files: DumpFiles? {
        config.map { DumpFiles(config: $0, tracepoints: events, symbols: kallsyms) }
    }

    func validate() throws {
        guard config == nil else { return }
        if events != nil { throw ValidationError("--events only goes with --config.") }
        if kallsyms != nil { throw ValidationError("--kallsyms only goes with --config.") }
    }
}
