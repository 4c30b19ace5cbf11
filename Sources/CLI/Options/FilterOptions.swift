import ArgumentParser
import FaultModel

/// `[FILTERS]`: which faults are wanted. The kernel applies them where the source allows.
struct FilterOptions: ParsableArguments {
    // MARK: Who

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these processes: 12 or 12,99.", valueName: "n"))
    var pid: [NumberList] = []

    @Flag(help: "Also the children that the processes of --pid have from now on.")
    var follow = false

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these users, by number.", valueName: "n"))
    var uid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only threads with such names: 'Rend*'.", valueName: "glob"))
    var comm: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Not these processes.", valueName: "n"))
    var excludePid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Not these users.", valueName: "n"))
    var excludeUid: [NumberList] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("No threads with such a name.", valueName: "glob"))
    var excludeComm: [String] = []

    // MARK: What

    @Option(help: "Only such accesses; may be given again.")
    var access: [FaultAccess] = []

    @Option(help: "Only faults of programs, or of the kernel on their behalf.")
    var mode: [FaultMode] = []

    @Option(help: "Only where a page was there already (yes), or where none was (no).")
    var present: Answer?

    @Option(help: ArgumentHelp("Only these addresses, HI not included; with 0x or in decimal.", valueName: "lo-hi"))
    var address: AddressRange?

    @Option(help: ArgumentHelp("One fault in N, counted on each CPU.", valueName: "n"))
    var sample: UInt32 = 1

    /// The filter that the options make; they have been validated.
    var filter: FaultFilter {
        var filter = FaultFilter()
        filter.pids = pid.numbers
        filter.excludedPids = excludePid.numbers
        filter.followsChildren = follow
        filter.uids = uid.numbers
        filter.excludedUids = excludeUid.numbers
        filter.comms = comm
        filter.excludedComms = excludeComm
        filter.modes = FaultMode.allCases.filter(mode.contains)
        filter.accesses = FaultAccess.allCases.filter(access.contains)
        filter.present = present.map { $0 == .yes }
        filter.addresses = address.map { $0.low..<$0.high }
        filter.sampleEvery = sample
        return filter
    }
}

// MARK: - What cannot be

extension FilterOptions {
    func validate() throws {
        if let address, address.low >= address.high {
            throw ValidationError("--address: the range is empty; its end must lie above its beginning.")
        }
        if sample == 0 { throw ValidationError("--sample 0 would pass no fault; 1 passes all, 100 one in a hundred.") }
        if pid.numbers.contains(0) { throw ValidationError("--pid 0 is no process; ids begin at 1.") }
        try refuseOverlap("--pid", pid.numbers, excludePid.numbers)
        try refuseOverlap("--uid", uid.numbers, excludeUid.numbers)
        try refuseOverlap("--comm", comm, excludeComm)
        try validatePatterns()
    }

    private func refuseOverlap<Value: Hashable>(_ option: String, _ wanted: [Value], _ excluded: [Value]) throws {
        guard let both = wanted.first(where: Set(excluded).contains) else { return }
        let exclusion = "--exclude-" + option.dropFirst(2)
        throw ValidationError("\(option) wants \(both), and \(exclusion) excludes it.")
    }

    private func validatePatterns() throws {
        let patterns = comm + excludeComm
        if patterns.contains("") { throw ValidationError("A --comm pattern is empty; '*' matches every name.") }
        let positions = patterns.reduce(0) { $0 + CommPattern($1).positions }
        guard positions > CommPattern.positionLimit else { return }
        throw ValidationError(
            "The --comm patterns are too long for the kernel: they take \(positions) positions of "
                + "\(CommPattern.positionLimit), one for each character and one for each pattern; a '*' is free.")
    }
}
