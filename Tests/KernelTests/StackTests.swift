import Testing

/// Faults bear the stacks under which they happened, through every source and transport. The workload says where its functions return to.
@Suite(.serialized) struct StackTests {
    static let ways = Device.ways + [Way(source: "perf_ring", transport: "perf_ring")]
    /// Where the workload, a static program, is mapped from its file's beginning on.
    private static let imageBase: UInt64 = 0x40_0000
    private static let stacks = ["--stacks", "--kernel-stacks"]

    /// The process stays for a moment, so that the agent can read what is mapped there.
    @Test(arguments: ways)
    func `seven functions deep`(way: Way) async throws {
        let run = try await Tool.trace(way.options + Self.stacks + Base.range(Base.seven), ["seven", "100", "sleep", "100"])
        let returns = try #require(run.returns.first)
        #expect(run.events.count == 100)
        for event in run.events {
            let stack = try #require(event.stack)
            #expect(stack.first?.address == event.ip)
            #expect(stack.dropFirst().prefix(7).map(\.address) == returns)
            #expect(stack.prefix(8).allSatisfy { $0.mapping?.hasSuffix("/faults") == true })
            #expect(stack.prefix(8).allSatisfy { $0.offset == "0x" + String($0.number - Self.imageBase, radix: 16) })
            #expect(event.stack_truncated == false)
            #expect(event.kernel_stack?.isEmpty == true)
        }
        #expect(run.summary?.stacks_lost == 0)
    }

    @Test(arguments: ways)
    func `what the kernel touches has both stacks`(way: Way) async throws {
        let run = try await Tool.trace(way.options + Self.stacks + Base.range(Base.sevenKernel), ["sevenkernel", "100"])
        let returns = try #require(run.returns.first)
        #expect(run.events.count == 100)
        for event in run.events {
            #expect(event.mode == "kernel")
            #expect(event.stack?.dropFirst().prefix(7).map(\.address) == returns)
            let kernel = try #require(event.kernel_stack)
            #expect(kernel.first?.address == event.ip)
            #expect(kernel.count > 3)
            #expect(kernel.allSatisfy { $0.number >= 1 << 63 })
        }
    }

    @Test(arguments: ways)
    func `each thread has its own`(way: Way) async throws {
        let run = try await Tool.trace(way.options + Self.stacks + Base.range(Base.threads), ["threads", "2"])
        let returns = try #require(run.returns.first)
        #expect(run.events.count == 1000)
        #expect(Set(run.events.map(\.tid)).count == 2)
        #expect(run.events.allSatisfy { $0.stack?.dropFirst().prefix(7).map(\.address) == returns })
    }

    @Test(arguments: ways)
    func `what is deeper than the kernel looks is cut and says so`(way: Way) async throws {
        let run = try await Tool.trace(way.options + Self.stacks + Base.range(Base.deep), ["deep", "300", "deep", "90"])
        #expect(run.events.map(\.stack_truncated) == [true, false])
        #expect(run.events.first?.stack?.count == 127)
        #expect(Set(run.events.flatMap { $0.stack?.dropFirst().prefix(90).map(\.address) ?? [] }).count == 1)
    }

    /// Far more than the maps hold at once: each fault has its own stack, or none and is counted.
    @Test(arguments: ways.filter { $0.transport != "perfbuf" })
    func `twenty thousand different stacks`(way: Way) async throws {
        let run = try await Tool.trace(way.options + ["--stacks"] + Base.range(Base.distinct), ["distinct", "20000"])
        #expect(run.events.count == 20_000)
        let lost = run.events.count { $0.stack == nil }
        #expect(UInt64(lost) == run.summary?.stacks_lost)
        #expect(lost < 1000)
        let (even, odd) = (run.stack(ofPage: 0)?[1], run.stack(ofPage: 1)?[15])
        #expect(even != nil && odd != nil && even != odd)
        var wrong = 0
        for event in run.events {
            guard let stack = event.stack else { continue }
            let way = (event.page - Base.distinct) / Device.pageSize
            let expected = (0..<15).map { way >> (14 - $0) & 1 == 0 ? even : odd }
            if stack.dropFirst().prefix(15).map(\.address) != expected { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    /// Looking at the stack finds a page missing; that is neither an event nor this fault's end.
    @Test(arguments: ways)
    func `a frame on a page that is not there ends the stack`(way: Way) async throws {
        let range = ["--address", "0x\(String(Base.lostFrame, radix: 16))-0x\(String(Base.frames + 0x1_0000_0000, radix: 16))"]
        let run = try await Tool.trace(way.options + Self.stacks + range, ["lostframe", "200"])
        #expect(run.events(at: Base.frames).isEmpty)
        #expect(run.events(at: Base.lostFrame).count == 200)
        #expect(run.events.allSatisfy { $0.outcome == "minor" && $0.stack?.map(\.address) == [$0.ip] })
    }

    @Test func `nobody gets stacks who has not asked for them`() async throws {
        let run = try await Tool.trace(Base.range(Base.seven), ["seven", "10"])
        #expect(run.events.count == 10)
        #expect(run.events.allSatisfy { $0.stack == nil && $0.stack_truncated == nil && $0.kernel_stack == nil })
    }
}

extension Event.Frame {
    var number: UInt64 { UInt64(address.dropFirst(2), radix: 16)! }
}

extension Run {
    /// What the workload has said of each of its phases.
    fileprivate var returns: [[String]] {
        errors.split(separator: "\n").filter { $0.hasPrefix("returns ") }.map { $0.split(separator: " ").dropFirst().map(String.init) }
    }

    fileprivate func stack(ofPage page: UInt64) -> [String]? {
        events.first { $0.page == Base.distinct + page * Device.pageSize }?.stack?.map(\.address)
    }
}
