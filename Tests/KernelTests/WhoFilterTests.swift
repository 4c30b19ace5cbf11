import Foundation
import Testing

/// Filters by thread and by Android package, on this machine: what they name is there before the trace or on this machine's disk.
@Suite(.serialized, .enabled(if: Device.isThisMachine)) struct WhoFilterTests {
    private static let faultline = "\(Device.faultline) trace --local --format json"

    /// Runs shell lines, the last of which is a trace.
    private func run(_ lines: String) async throws -> Run {
        try Tool.parsed(try await Tool.run("/bin/sh", ["-euc", lines]))
    }

    /// Two threads of one process make 300 faults each, once the trace is on.
    @Test(arguments: Device.allWays)
    func `by thread`(way: Way) async throws {
        let run = try await run(
            """
            pipe=$(mktemp -u); mkfifo $pipe
            \(Device.workload) thread 0 wait 0 write 300 < $pipe & leader=$!
            exec 3> $pipe; rm $pipe; sleep 0.3
            other=$(ls /proc/$leader/task | grep -vx $leader)
            (sleep 1.5; echo >&3; sleep 0.3; echo >&3) &
            \(Self.faultline) \(way.options.joined(separator: " ")) --tid $other --duration 3s
            """)
        let seen = run.events(at: Base.write)
        #expect(run.status == 0, "\(run.errors)")
        #expect(seen.count == 300)
        #expect(Set(run.events.map(\.tid)).count == 1)
        #expect(seen.allSatisfy { $0.tid != $0.pid })
    }

    @Test(arguments: Device.allWays)
    func `a process that --pid names is known although it ends with its first faults`(way: Way) async throws {
        let run = try await run(
            """
            pipe=$(mktemp -u); mkfifo $pipe
            \(Device.workload) wait 0 write 100 < $pipe & process=$!
            exec 3> $pipe; rm $pipe; sleep 0.3
            (sleep 1.5; echo >&3) &
            \(Self.faultline) \(way.options.joined(separator: " ")) --pid $process --duration 3s
            """)
        let seen = run.events(at: Base.write)
        #expect(seen.count == 100, "\(run.errors)")
        #expect(seen.allSatisfy { $0.process == "faults" && $0.ip_mapping?.name == Device.workload })
        #expect(run.summary?.by_process.first?.command_line == Device.workload + " wait 0 write 100")
    }

    /// Linux has no greater id than 4,194,304 (PID_MAX_LIMIT, include/linux/threads.h).
    @Test func `who names none but processes or threads that are not there is told so`() async throws {
        let none = try await run("\(Self.faultline) --pid 4194305 --pid 4194306 --duration 1s")
        #expect(none.status == 1)
        #expect(none.errors.contains("there is no process 4194305, 4194306; see with ps -A which there are"), "\(none.errors)")
        let wrapped = try await run("\(Self.faultline) --pid 536870913 --duration 1s")
        #expect(wrapped.status == 1, "536870913 << 3 is 1 << 3")
        let one = try await run("\(Self.faultline) --pid 4194305 --pid $$ --duration 100ms")
        #expect(one.status == 0, "\(one.errors)")
        let thread = try await run("\(Self.faultline) --tid 4194305 --duration 1s")
        #expect(thread.status == 1)
        #expect(thread.errors.contains("there is no thread 4194305; see with ps -AT which there are"), "\(thread.errors)")
    }

    /// Its birth is told with its first fault, and what /proc says of it must not be older.
    @Test(arguments: Device.ways)
    func `a child has its name although its parent does not pass`(way: Way) async throws {
        let run = try await run(
            """
            (sleep 1.5; \(Device.workload) fork 1 uid 1234 write 100 sleep 300 read 10) &
            \(Self.faultline) \(way.options.joined(separator: " ")) --uid 1234 --duration 3s
            """)
        #expect(run.events(at: Base.write).count == 100, "\(run.errors)")
        let process = try #require(run.summary?.by_process.first)
        #expect(process.process == "faults" && process.executable == Device.workload)
        #expect(run.events(at: Base.read).allSatisfy { $0.process == "faults" })
        let code = run.events.filter { $0.mapping?.name == Device.workload }
        #expect(!code.isEmpty && code.allSatisfy { $0.mapping?.region == "exe" })
    }

    /// Android's list of packages, where nobody but this trace sees it; the workload becomes an app in the work profile, user 10.
    private func traceWithPackages(_ options: String) async throws -> Run {
        try await run(
            """
            mkdir -p /data
            trap 'rmdir /data 2>/dev/null || true' EXIT
            unshare -m sh -euc '
                mount -t tmpfs none /data; mkdir /data/system
                echo "com.example.one 10123 0 /data/user/0/com.example.one default:targetSdkVersion=34 3003" > /data/system/packages.list
                echo "com.example.two 10124 0 /data/user/0/com.example.two default:targetSdkVersion=34 none" >> /data/system/packages.list
                \(Self.faultline) \(options) -- \(Device.workload) write 300 uid 1010123 read 200' || exit $?
            """)
    }

    private func counts(_ run: Run) -> [Int] { [Base.write, Base.read].map { run.events(at: $0).count } }

    @Test(arguments: Device.ways)
    func `by package`(way: Way) async throws {
        let options = way.options.joined(separator: " ")
        #expect(counts(try await traceWithPackages("\(options) --package com.example.one")) == [0, 200])
        #expect(counts(try await traceWithPackages("\(options) --package com.example.two")) == [0, 0])
        #expect(counts(try await traceWithPackages("\(options) --package com.example.two com.example.one")) == [0, 200])
    }

    @Test func `a package that is not there is told`() async throws {
        let run = try await traceWithPackages("--package com.example.three")
        #expect(run.status == 1)
        #expect(run.errors.contains("has no package com.example.three: see 'pm list packages'"))
    }
}
