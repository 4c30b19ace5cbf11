import Foundation
import Testing

/// Each filter, in the kernel and for perf's own rings in the agent: exact counts in and out.
@Suite(.serialized) struct FilterTests {
    private let mix = ["write", "300", "read", "200", "kernel", "100"]

    private func counts(_ options: [String], _ phases: [String]? = nil) async throws -> [Int] {
        let run = try await Tool.trace(options, phases ?? mix)
        #expect(run.status == 0, "\(run.errors)")
        return [Base.write, Base.read, Base.kernel].map { run.events(at: $0).count }
    }

    @Test(arguments: Device.allWays)
    func `by mode`(way: Way) async throws {
        #expect(try await counts(way.options + ["--mode", "user"]) == [300, 200, 0])
        #expect(try await counts(way.options + ["--mode", "kernel"]) == [0, 0, 100])
    }

    @Test(arguments: Device.allWays)
    func `by address`(way: Way) async throws {
        let run = try await Tool.trace(way.options + Base.range(Base.read), mix)
        #expect(run.events.count == 200)
        #expect(run.events(at: Base.read).count == 200)
    }

    @Test(.enabled(if: Device.tellsAccess))
    func `by access and presence`() async throws {
        #expect(try await counts(["--source", "tracepoint", "--access", "write"]) == [300, 0, 100])
        #expect(try await counts(["--source", "tracepoint", "--access", "read"]) == [0, 200, 0])
        let copied = ["cow", "150"]
        let present = try await Tool.trace(["--source", "tracepoint", "--present", "yes"], copied)
        #expect(present.events(at: Base.cow).count == 150)
        #expect(present.events.allSatisfy { $0.present == true })
    }

    @Test(arguments: Device.allWays)
    func `by name`(way: Way) async throws {
        let phases = ["name", "1", "write", "300", "name", "22", "read", "200", "name", "3", "kernel", "100"]
        #expect(try await counts(way.options + ["--comm", "faults-?"], phases) == [300, 0, 100])
        #expect(try await counts(way.options + ["--comm", "*-2[0-9]"], phases) == [0, 200, 0])
        #expect(try await counts(way.options + ["--comm", "f*2", "faults-3"], phases) == [0, 200, 100])
        #expect(try await counts(way.options + ["--exclude-comm", "*s-1"], phases) == [0, 200, 100])
        #expect(try await counts(way.options + ["--comm", "faults-*", "--exclude-comm", "*3"], phases) == [300, 200, 0])
    }

    @Test(arguments: Device.ways)
    func `by user`(way: Way) async throws {
        let phases = ["write", "300", "uid", "65534", "read", "200", "kernel", "100"]
        #expect(try await counts(way.options + ["--uid", "65534"], phases) == [0, 200, 100])
        #expect(try await counts(way.options + ["--exclude-uid", "65534"], phases) == [300, 0, 0])
        #expect(try await counts(way.options + ["--uid", "0,65534"], phases) == [300, 200, 100])
    }

    // MARK: What is known at the end

    @Test(arguments: Device.allWays)
    func `by outcome`(way: Way) async throws {
        let phases = ["in", Device.folder, "coldfile", "16", "write", "300", "segv", "7", "efault", "5"]
        for (outcome, expected) in [("minor", [300, 0, 0, 0]), ("major", [0, 16, 0, 0]), ("failed", [0, 0, 7, 5])] {
            let run = try await Tool.trace(way.options + ["--outcome", outcome], phases)
            #expect(run.status == 0, "\(run.errors)")
            #expect([Base.write, Base.cold, Base.segv, Base.efault].map { run.events(at: $0).count } == expected)
            #expect(run.events.allSatisfy { $0.outcome == outcome })
            #expect(run.summary?.lost == 0)
        }
    }

    /// Nobody sees a system call's fault fail until the thread's next fault that is wanted.
    @Test(arguments: Device.allWays)
    func `what is left out does not end what failed nearby`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--mode", "kernel"], ["near", "20"])
        let seen = run.events(at: Base.near)
        #expect(seen.count == 20)
        #expect(seen.allSatisfy { $0.outcome == "failed" })
    }

    @Test(arguments: Device.allWays)
    func `by latency`(way: Way) async throws {
        let phases = ["write", "300", "slow", "5"]
        for (least, expected) in [("1ns", [300, 5]), ("100ms", [0, 5]), ("1h", [0, 0])] {
            let run = try await Tool.trace(way.options + ["--min-latency", least], phases)
            #expect(run.status == 0, "\(run.errors)")
            #expect([Base.write, Base.slow].map { run.events(at: $0).count } == expected)
            #expect(run.events.allSatisfy { $0.latency_ns != nil })
        }
    }

    @Test func `what asks for a fault's end is refused where nothing tells it`() async throws {
        let run = try await Tool.trace(["--outcome", "major", "--no-outcome"], mix)
        #expect(run.status == 2)
        #expect(run.errors.contains("give one of them"))
    }

    // MARK: How many

    @Test(arguments: Device.allWays)
    func `one in N`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--sample", "100"] + Base.range(Base.again), ["again", "100000"])
        #expect(980...1020 ~= run.events.count)
        #expect(run.events.allSatisfy { $0.weight == 100 })
        #expect(run.summary?.sample == 100)
        #expect(run.errors.contains("each fault that is counted here stands for 100"))
    }

    @Test(arguments: Device.allWays)
    func `one in N of those that pass everything else`(way: Way) async throws {
        let run = try await Tool.trace(
            way.options + ["--sample", "10", "--outcome", "failed"], ["write", "1001", "segv", "200", "write", "1001"])
        #expect(20...20 + ProcessInfo.processInfo.processorCount ~= run.events.count)
        #expect(run.events.allSatisfy { Base.segv <= $0.page && $0.page < Base.again })
    }

    @Test(arguments: Device.allWays)
    func `a rate limit counts what it holds back`(way: Way) async throws {
        let (faults, limit) = (UInt64(30_000), UInt64(1000))
        let run = try await Tool.trace(
            way.options + ["--rate-limit", "\(limit)"] + Base.range(Base.again), ["again", "\(faults)"])
        let summary = try #require(run.summary)
        let windows = UInt64(ProcessInfo.processInfo.processorCount) * (summary.duration_ns / 1_000_000_000 + 2)
        #expect(summary.events + summary.lost + summary.held_back == faults)
        #expect(limit...limit * windows ~= summary.events)
        #expect(summary.held_back > 0 && summary.lost == 0)
        #expect(UInt64(run.events.count) == summary.events && run.gaps.isEmpty && run.status == 0)
        #expect(run.errors.contains("held back: ") && run.errors.contains("none lost"))
    }

    @Test(arguments: Device.ways)
    func `a count ends the trace at that event`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--count", "123"], ["again", "200000"])
        #expect(run.status == 0)
        #expect(run.events.count == 123)
        #expect(run.summary?.events == 123)
    }
}
