import Testing

/// Each filter, in the kernel: exact counts in and out.
@Suite(.serialized) struct FilterTests {
    private let mix = ["write", "300", "read", "200", "kernel", "100"]

    private func counts(_ options: [String], _ phases: [String]? = nil) async throws -> [Int] {
        let run = try await Tool.trace(options, phases ?? mix)
        #expect(run.status == 0, "\(run.errors)")
        return [Base.write, Base.read, Base.kernel].map { run.events(at: $0).count }
    }

    @Test(arguments: Device.ways)
    func `by mode`(way: Way) async throws {
        #expect(try await counts(way.options + ["--mode", "user"]) == [300, 200, 0])
        #expect(try await counts(way.options + ["--mode", "kernel"]) == [0, 0, 100])
    }

    @Test(arguments: Device.ways)
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

    @Test(arguments: Device.ways)
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

    @Test func `one in N`() async throws {
        let options = ["--sample", "100"] + Base.range(Base.again)
        let run = try await Tool.trace(options, ["again", "100000"])
        #expect(980...1020 ~= run.events.count)
    }

    @Test(arguments: Device.ways)
    func `a count ends the trace at that event`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--count", "123"], ["again", "200000"])
        #expect(run.status == 0)
        #expect(run.events.count == 123)
        #expect(run.summary?.events == 123)
    }
}
