import CFaultRecord
import FaultModel
import Testing

@testable import FaultProbe

struct KernelFilterTests {
    private let select = UInt32(FAULT_SELECT)
    private let exclude = UInt32(FAULT_EXCLUDE)
    private let follow = UInt32(FAULT_FOLLOW)

    private func filter(
        followedParent: UInt32? = nil, ownPids: (UInt32, UInt32, UInt32) = (0, 0, 0), _ change: (inout FaultFilter) -> Void = { _ in }
    ) throws -> KernelFilter {
        var filter = FaultFilter()
        change(&filter)
        let request = ProbeRequest(
            source: .tracepoint, filter: filter, ownPids: ownPids, followedParent: followedParent)
        return try KernelFilter(request, wakeAtBytes: 4096)
    }

    private func expect(
        _ filter: KernelFilter, tests: Int32..., location: SourceLocation = #_sourceLocation
    ) {
        #expect(filter.settings.tests == tests.reduce(0) { $0 | UInt32($1) }, sourceLocation: location)
    }

    @Test func `no wishes, no tests`() throws {
        let filter = try filter()
        expect(filter)
        let settings = filter.settings
        #expect([settings.modes, settings.accesses, settings.presents, settings.outcomes] == [0xf, 0xf, 0xf, 0xf])
        #expect((settings.half_full, settings.sample_every) == (4096, 1))
        #expect(filter.processes.isEmpty && filter.users.isEmpty && !filter.follows)
        #expect((settings.minimum_latency_ns, settings.rate_limit) == (0, 0))
        #expect((filter.processCapacity(), filter.threadCapacity, filter.userCapacity) == (1, 1, 1))
    }

    @Test func `a count without tests says so, and any test or wait takes that back`() throws {
        func flow(_ flow: Int32, _ change: (inout FaultFilter) -> Void = { _ in }) throws -> UInt32 {
            var filter = FaultFilter()
            change(&filter)
            return try KernelFilter(ProbeRequest(source: .tracepoint, filter: filter), flow: UInt32(flow), wakeAtBytes: 0).settings.flow
        }
        let all = UInt32(FAULT_FLOW_TALLY_ALL)
        #expect(try flow(FAULT_FLOW_TALLY) & all == all)
        #expect(try flow(FAULT_FLOW_TALLY | FAULT_FLOW_TALLY_THREADS) & all == all)
        #expect(try flow(0) & all == 0)
        #expect(try flow(FAULT_FLOW_TALLY | FAULT_FLOW_PENDING) & all == 0)
        #expect(try flow(FAULT_FLOW_TALLY) { $0.modes = [.user] } & all == 0)
        #expect(try flow(FAULT_FLOW_TALLY) { $0.accesses = [.write] } & all == 0)
        #expect(try flow(FAULT_FLOW_TALLY) { $0.sampleEvery = 2 } & all == 0)
        #expect(try flow(FAULT_FLOW_TALLY) { $0.pids = [7] } & all == 0)
    }

    // MARK: Traits: bit n passes the value n, zero is what the source cannot tell

    @Test func `traits are one bit for each wanted value, without what cannot be told`() throws {
        #expect(try filter { $0.modes = [.user] }.settings.modes == 0b0010)
        #expect(try filter { $0.modes = [.kernel] }.settings.modes == 0b0100)
        #expect(try filter { $0.modes = [.user, .kernel, .user] }.settings.modes == 0b0110)
        #expect(try filter { $0.accesses = [.read] }.settings.accesses == 0b0010)
        #expect(try filter { $0.accesses = [.write, .execute] }.settings.accesses == 0b1100)
        #expect(try filter { $0.present = false }.settings.presents == 0b0010)
        #expect(try filter { $0.present = true }.settings.presents == 0b0100)
        #expect(try filter { $0.outcomes = [.major, .failed] }.settings.outcomes == 0b1100)
        expect(try filter { $0.accesses = [.write] })
    }

    @Test func `the bits are those of the kernel's enums`() {
        #expect(UInt32(FaultMode.user.rawValue) == FAULT_MODE_USER.rawValue)
        #expect(UInt32(FaultMode.kernel.rawValue) == FAULT_MODE_KERNEL.rawValue)
        #expect(UInt32(FaultAccess.read.rawValue) == FAULT_ACCESS_READ.rawValue)
        #expect(UInt32(FaultAccess.write.rawValue) == FAULT_ACCESS_WRITE.rawValue)
        #expect(UInt32(FaultAccess.execute.rawValue) == FAULT_ACCESS_EXECUTE.rawValue)
        #expect(UInt32(FaultOutcome.minor.rawValue) == FAULT_OUTCOME_MINOR.rawValue)
        #expect(UInt32(FaultOutcome.major.rawValue) == FAULT_OUTCOME_MAJOR.rawValue)
        #expect(UInt32(FaultOutcome.failed.rawValue) == FAULT_OUTCOME_FAILED.rawValue)
        let traits = FaultTraits(
            rawValue: UInt8(FAULT_MODE_KERNEL.rawValue << FAULT_MODE_SHIFT | FAULT_ACCESS_WRITE.rawValue << FAULT_ACCESS_SHIFT
                | FAULT_PRESENT_YES.rawValue << FAULT_PRESENT_SHIFT | FAULT_OUTCOME_MAJOR.rawValue << FAULT_OUTCOME_SHIFT))
        #expect((traits.mode, traits.access, traits.present, traits.outcome) == (.kernel, .write, true, .major))
    }

    // MARK: Processes and users

    @Test func `selected processes are marked and only they pass`() throws {
        let filter = try filter { $0.pids = [1, .max, 1] }
        expect(filter, tests: FAULT_FILTER_PROCESSES, FAULT_FILTER_SELECT_PROCESSES)
        #expect(filter.processes == [1: select, .max: select])
        #expect(filter.processCapacity() == 2)
    }

    @Test func `excluded processes are marked and all others pass`() throws {
        let filter = try filter { $0.excludedPids = [7] }
        expect(filter, tests: FAULT_FILTER_PROCESSES)
        #expect(filter.processes == [7: exclude])
    }

    @Test func `a process that is both is excluded, as the kernel asks for that first`() throws {
        let filter = try filter { ($0.pids, $0.excludedPids) = ([7], [7]) }
        #expect(filter.processes == [7: select | exclude])
    }

    @Test func `children are followed where there are parents`() throws {
        let followed = try filter { ($0.pids, $0.followsChildren) = ([7], true) }
        #expect(followed.follows)
        #expect(followed.processes == [7: select | follow])
        #expect(followed.processCapacity() == KernelFilter.followedProcesses + 1)
        let nobody = try filter { $0.followsChildren = true }
        #expect(!nobody.follows)
        expect(nobody)
    }

    @Test func `a command's parent is followed and not selected`() throws {
        let filter = try filter(followedParent: 99)
        #expect(filter.follows)
        #expect(filter.processes == [99: follow])
        expect(filter, tests: FAULT_FILTER_PROCESSES, FAULT_FILTER_SELECT_PROCESSES)
    }

    @Test func `users are marked like processes`() throws {
        let selected = try filter { $0.uids = [0, 10_123] }
        expect(selected, tests: FAULT_FILTER_USERS, FAULT_FILTER_SELECT_USERS)
        #expect(selected.users == [0: select, 10_123: select])
        #expect(selected.userCapacity == 2)
        let excluded = try filter { ($0.uids, $0.excludedUids) = ([], [5]) }
        expect(excluded, tests: FAULT_FILTER_USERS)
        #expect(excluded.users == [5: exclude])
    }

    @Test func `threads are marked by themselves, whatever their process`() throws {
        let filter = try filter { $0.tids = [8, 9, 8] }
        expect(filter, tests: FAULT_FILTER_THREADS)
        #expect(filter.threads == [8: select, 9: select])
        #expect((filter.threadCapacity, filter.processCapacity()) == (2, 1))
    }

    @Test func `our own processes are never traced`() throws {
        let settings = try filter(ownPids: (11, 12, 13)).settings
        #expect(settings.excluded_pids == (11, 12, 13))
    }

    // MARK: The rest

    @Test func `addresses are a range without its end`() throws {
        let filter = try filter { $0.addresses = 0x1000..<UInt64.max }
        expect(filter, tests: FAULT_FILTER_ADDRESS)
        #expect((filter.settings.address_low, filter.settings.address_high) == (0x1000, .max))
    }

    @Test func `a least latency needs no test of its own`() throws {
        let filter = try filter { $0.minimumLatencyNs = 100_000 }
        expect(filter)
        #expect(filter.settings.minimum_latency_ns == 100_000)
    }

    @Test func `a rate limit is one a CPU`() throws {
        let filter = try filter { $0.rateLimit = 500 }
        expect(filter, tests: FAULT_FILTER_RATE)
        #expect(filter.settings.rate_limit == 500)
    }

    @Test func `one in one is no sampling`() throws {
        expect(try filter { $0.sampleEvery = 1 })
        let filter = try filter { $0.sampleEvery = .max }
        expect(filter, tests: FAULT_FILTER_SAMPLE)
        #expect(filter.settings.sample_every == .max)
    }

    @Test func `name patterns arrive as they were made, byte by byte`() throws {
        let settings = try filter { ($0.comms, $0.excludedComms) = (["Render*"], ["[!a-z]?"]) }.settings
        let automaton = try CommAutomaton(include: ["Render*"], exclude: ["[!a-z]?"])
        #expect(settings.comm_start == automaton.start && settings.comm_loop == automaton.loop)
        #expect(settings.comm_include == automaton.include && settings.comm_exclude == automaton.exclude)
        let advance = withUnsafeBytes(of: settings.comm_advance) { Array($0.bindMemory(to: UInt64.self)) }
        #expect(advance == automaton.advance)
    }

    @Test func `either kind of name pattern asks for the test`() throws {
        expect(try filter { $0.comms = ["a"] }, tests: FAULT_FILTER_COMM)
        expect(try filter { $0.excludedComms = ["a"] }, tests: FAULT_FILTER_COMM)
        #expect(try filter { $0.excludedComms = ["a"] }.settings.comm_include == 0)
    }

    @Test func `patterns that are too long say so in words`() {
        let error = #expect(throws: ProbeError.self) {
            try filter { $0.comms = [String(repeating: "x", count: 100)] }
        }
        #expect(error?.text == "choosing the name patterns failed: together they are longer than 64 characters")
    }

    @Test func `all wishes at once are all tests at once`() throws {
        let filter = try filter {
            ($0.pids, $0.uids, $0.comms) = ([1], [2], ["c"])
            ($0.addresses, $0.sampleEvery, $0.rateLimit, $0.tids) = (1..<2, 3, 4, [5])
        }
        expect(
            filter, tests: FAULT_FILTER_PROCESSES, FAULT_FILTER_SELECT_PROCESSES, FAULT_FILTER_USERS,
            FAULT_FILTER_SELECT_USERS, FAULT_FILTER_ADDRESS, FAULT_FILTER_COMM, FAULT_FILTER_SAMPLE, FAULT_FILTER_THREADS,
            FAULT_FILTER_RATE)
    }
}
