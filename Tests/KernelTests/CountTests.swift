import Testing

/// Each fault is seen once, at its address, through every source and transport.
@Suite(.serialized) struct CountTests {
    private let pages = 997

    @Test(arguments: Device.ways)
    func `each of 997 fresh pages is one event`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "\(pages)", "read", "\(pages)", "kernel", "\(pages)"])
        #expect(run.status == 0, "\(run.errors)")
        for base in [Base.write, Base.read, Base.kernel] {
            let seen = run.events(at: base)
            #expect(seen.count == pages)
            #expect(Set(seen.map(\.page)) == Base.pages(base, pages))
        }
        let summary = try #require(run.summary)
        #expect(summary.source == way.source)
        #expect(summary.transport == way.transport)
        #expect(summary.lost == 0)
        #expect(summary.events == UInt64(run.events.count))
        #expect(summary.complete)
    }

    @Test(arguments: Device.ways)
    func `the mode tells who touched the page`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "\(pages)", "kernel", "\(pages)"])
        #expect(run.events(at: Base.write).allSatisfy { $0.mode == "user" })
        #expect(run.events(at: Base.kernel).allSatisfy { $0.mode == "kernel" })
    }

    @Test(.enabled(if: Device.tellsAccess), arguments: Device.ways.filter { $0.source == "tracepoint" })
    func `the error code tells access and presence`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "\(pages)", "read", "\(pages)", "cow", "\(pages)"])
        #expect(run.events(at: Base.write).allSatisfy { $0.access == "write" && $0.present == false })
        #expect(run.events(at: Base.read).allSatisfy { $0.access == "read" && $0.present == false })
        let copied = run.events(at: Base.cow)
        #expect(copied.count { $0.access == "read" && $0.present == false } == pages)
        #expect(copied.count { $0.access == "write" && $0.present == true } == pages)
    }

    @Test(arguments: Device.ways)
    func `faults that end in a signal are events`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["segv", "7"])
        #expect(run.events(at: Base.segv).count == 7)
    }

    /// An event leaves the kernel when its fault has ended: one that took long comes after others that began later.
    @Test(arguments: Device.ways)
    func `events come in order of time, but for long faults`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["fork", "4", "again", "20000"])
        let times = run.events.filter { ($0.latency_ns ?? 0) < 10_000_000 }.map(\.time_ns)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(run.events(at: Base.again).count + Int(run.lost) == 80_000)
    }

    @Test(arguments: Device.ways)
    func `descendants are traced from their first fault`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["fork", "20", "write", "50"])
        let seen = run.events(at: Base.write)
        #expect(seen.count == 1000)
        #expect(Set(seen.map(\.pid)).count == 20)
    }

    /// What getrusage has beyond the events are pages that execve fetched for the new stack without a fault
    /// (get_user_pages, counted in ru_minflt by mm_account_fault): a handful, and the same at each run.
    @Test(arguments: Device.ways)
    func `events and losses add up to getrusage`(way: Way) async throws {
        let run = try await Tool.trace(way.options, ["write", "5000"])
        let summary = try #require(run.summary)
        let command = try #require(summary.command)
        let counted = command.minor_faults + command.major_faults
        let seen = summary.events + summary.lost
        #expect(command.status == 0)
        #expect(seen >= 5000)
        #expect(counted - 8...counted ~= seen, "getrusage \(counted), seen \(seen)")
    }

    /// Most phones have none: their programs are those that need none.
    @Test(.enabled(if: Device.isThisMachine), arguments: Device.allWays)
    func `a kernel without BTF tells the same`(way: Way) async throws {
        let hide = "mount --bind /dev/null /sys/kernel/btf/vmlinux && exec \"$@\""
        let trace = [Device.faultline, "trace", "--local", "--format", "json"] + way.options + ["--", Device.workload, "write", "997"]
        let run = try Tool.parsed(try await Tool.run("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", hide, "sh"] + trace))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.events(at: Base.write).count == 997)
    }
}
