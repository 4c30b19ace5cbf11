import ArgumentParser
import FaultModel

/// `[FILTERS]`: which faults are wanted. The kernel applies them where the source allows.
struct FilterOptions: ParsableArguments {
    // MARK: Who

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these processes: 12 or 12,99.", valueName: "n"))
    var pid: [NumberList] = []

    @Flag(help: "Also the children that the processes of --pid have from now on.")
    var follow = false

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these threads, by number.", valueName: "n"))
    var tid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these users, by number.", valueName: "n"))
    var uid: [NumberList] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only the users of these Android packages, whether they run yet or not.", valueName: "name"))
    var package: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only threads with such names: 'Rend*'.", valueName: "glob"))
    var comm: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Not these processes.", valueName: "n"))
    var excludePid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Not these users.", valueName: "n"))
    var excludeUid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("No threads with such a name.", valueName: "glob"))
    var excludeComm: [String] = []

    // MARK: What

    @Option(help: "Only such accesses: write or read,execute.")
    var access: [TraitList<FaultAccess>] = []

    @Option(help: "Only faults of programs, or of the kernel on their behalf.")
    var mode: [TraitList<FaultMode>] = []

    @Option(help: "Only where a page was there already (yes), or where none was (no).")
    var present: Answer?

    @Option(help: ArgumentHelp("Only these addresses, HI not included; with 0x or in decimal.", valueName: "lo-hi"))
    var address: [AddressRange] = []

    @Option(help: "Only faults that ended so: major or minor,failed.")
    var outcome: [TraitList<FaultOutcome>] = []

    @Option(help: ArgumentHelp("Only faults that took at least as long.", valueName: "100us"))
    var minLatency: Duration?

    @Option(help: ArgumentHelp("One fault in N, counted on each CPU.", valueName: "n"))
    var sample: UInt32 = 1

    @Option(help: ArgumentHelp("At most N faults a second on each CPU; the others are counted.", valueName: "n"))
    var rateLimit: UInt32?

    /// The filter that the options make; they have been validated.
    var filter: FaultFilter {
        var filter = FaultFilter()
        filter.pids = pid.numbers
        filter.excludedPids = excludePid.numbers
        filter.followsChildren = follow
        filter.tids = tid.numbers
        filter.packages = package
        filter.uids = uid.numbers
        filter.excludedUids = excludeUid.numbers
        filter.comms = comm
        filter.excludedComms = excludeComm
        filter.modes = FaultMode.allCases.filter(mode.name)
        filter.accesses = FaultAccess.allCases.filter(access.name)
        filter.present = present.map { $0 == .yes }
        filter.outcomes = FaultOutcome.allCases.filter(outcome.name)
        filter.minimumLatencyNs = minLatency?.nanoseconds ?? 0
        filter.addresses = address.first.map { $0.low..<$0.high }
        filter.sampleEvery = sample
        filter.rateLimit = rateLimit ?? 0
        return filter
    }
}

// MARK: - What cannot be

extension FilterOptions {
    /// What a list on the wire holds.
    private static let listCap = 65_535

    func validate() throws {
        if address.count > 1 {
            throw ValidationError("--address is one range, and was given \(address.count) times; give one that spans all, or run a trace for each.")
        }
        if let address = address.first, address.low >= address.high {
            throw ValidationError("--address: the range is empty; its end must lie above its beginning.")
        }
        if minLatency == .zero { throw ValidationError("--min-latency 0 is every fault; leave it out.") }
        if rateLimit == 0 { throw ValidationError("--rate-limit 0 would pass no fault; leave it out to trace without a limit.") }
        if sample == 0 { throw ValidationError("--sample 0 would pass no fault; 1 passes all, 100 one in a hundred.") }
        if pid.numbers.contains(0) { throw ValidationError("--pid 0 is no process; ids begin at 1.") }
        if tid.numbers.contains(0) { throw ValidationError("--tid 0 is no thread; ids begin at 1.") }
        if package.contains("") { throw ValidationError("--package is empty; give a name like com.example.app.") }
        if !package.isEmpty, !uid.isEmpty {
            throw ValidationError("--package and --uid exclude each other: a package is a user; give one of them.")
        }
        try refuseTooMany()
        try refuseOverlap("--pid", pid.numbers, excludePid.numbers)
        try refuseOverlap("--uid", uid.numbers, excludeUid.numbers)
        try refuseOverlap("--comm", comm, excludeComm)
        try validatePatterns()
    }

    /// What goes with neither the kernel's part nor a command.
    func validate(with kernel: SourceOptions, command: [String]) throws {
        if kernel.noOutcome, !outcome.isEmpty || minLatency != nil {
            let option = outcome.isEmpty ? "--min-latency" : "--outcome"
            throw ValidationError("\(option) asks how faults end, and --no-outcome leaves that out; give one of them.")
        }
        if kernel.source == .perfRing, !(uid + excludeUid).isEmpty || !package.isEmpty {
            throw ValidationError("perf_ring cannot filter by user or package; use --pid or --comm, or another source.")
        }
        if !command.isEmpty, !tid.isEmpty {
            throw ValidationError("--tid and a command exclude each other; its threads do not exist yet.")
        }
    }

    private func refuseTooMany() throws {
        let counts = [
            ("--pid", pid.numbers.count), ("--exclude-pid", excludePid.numbers.count), ("--tid", tid.numbers.count),
            ("--uid", uid.numbers.count), ("--exclude-uid", excludeUid.numbers.count), ("--package", package.count),
        ]
        guard let (option, count) = counts.first(where: { $1 > Self.listCap }) else { return }
        throw ValidationError("\(option) was given \(count) values, and takes \(Self.listCap) at the most; filter by something else.")
    }

    private func refuseOverlap<Value: Hashable>(_ option: String, _ wanted: [Value], _ excluded: [Value]) throws {
        guard let both = wanted.first(where: Set(excluded).contains) else { return }
        let exclusion = "--exclude-" + option.dropFirst(2)
        throw ValidationError("\(option) wants \(both), and \(exclusion) excludes it.")
    }

    private func validatePatterns() throws {
        let patterns = comm + excludeComm
        if patterns.contains("") { throw ValidationError("A --comm pattern is empty; '*' matches every name.") }
        if let long = patterns.first(where: { CommPattern($0).matchesNobody }) {
            throw ValidationError(
                "No thread is called \(long): names have \(ThreadName.keptLength) bytes, a program's first ones and of an Android app its last; "
                    + "put a '*' in place of the others, or use --package.")
        }
        let positions = patterns.reduce(0) { $0 + CommPattern($1).positions }
        guard positions > CommPattern.positionLimit else { return }
        throw ValidationError(
            "The --comm patterns are too long for the kernel: they take \(positions) positions of "
                + "\(CommPattern.positionLimit), one for each character and one for each pattern; a '*' is free.")
    }
}
