import FaultModel
import Testing
import WireProtocol

/// Single fields that are possible bytes and impossible values, or as large as they can be.
struct HostileFieldTests {
    private func frame(_ type: FrameType, _ write: (inout ByteWriter) -> Void) -> RawFrame {
        var writer = ByteWriter()
        write(&writer)
        return RawFrame(type: type.rawValue, payload: writer.bytes)
    }

    /// The vector's payload with bytes replaced from an offset on.
    private func changed(_ type: FrameType, at offset: Int, _ bytes: UInt8...) throws -> RawFrame {
        var payload = try Vector.payload(type)
        payload.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        return RawFrame(type: type.rawValue, payload: payload)
    }

    private func expectBad(_ field: StaticStringBox, _ frame: RawFrame) {
        #expect(throws: WireError.badValue(field)) { try EitherMessage(frame) }
    }

    private func expectCarried(_ start: Start) throws {
        let frames = try cut([HostMessage.start(start).encoded()])
        #expect(try HostMessage(frames[0]) == .start(start))
    }

    // MARK: Lists and strings

    @Test func `the longest list of empty strings is carried`() throws {
        try expectCarried(Start(command: Array(repeating: "", count: 65535)))
    }

    @Test func `the longest lists of numbers are carried`() throws {
        var filter = FaultFilter()
        filter.pids = Array(0..<65535)
        filter.excludedUids = Array(repeating: .max, count: 65535)
        filter.modes = Array(repeating: .user, count: 65535)
        try expectCarried(Start(filter: filter))
    }

    @Test func `a list that announces more than comes is refused`() {
        // source, transport, wantsOutcome, stacks and tally, bufferSize, then 65535 pids of which there is one
        let frame = frame(.start) {
            $0.u16(0)
            $0.bool(true)
            $0.u16(0)
            $0.u64(0)
            $0.u16(65535)
            $0.u32(1)
        }
        #expect(throws: WireError.truncated) { try HostMessage(frame) }
    }

    @Test func `a string that announces more than comes is refused`() {
        let frame = frame(.error) {
            $0.u8(1)
            $0.u16(65535)
            $0.u8(0x41)
        }
        #expect(throws: WireError.truncated) { try AgentMessage(frame) }
    }

    @Test(arguments: ["", "\0", "a\0b", "\u{1b}[31m", "\u{202e}\u{fffd}", "𝕏", String(repeating: "ü", count: 32767)])
    func `any text is carried as it is`(text: String) throws {
        let message = AgentMessage.error(AgentError(.busy, text))
        #expect(try AgentMessage(try cut([message.encoded()])[0]) == message)
    }

    @Test func `what is not UTF-8 is replaced`() throws {
        let frame = frame(.error) {
            $0.u8(3)
            $0.u16(4)
            for byte: UInt8 in [0x61, 0xff, 0xc3, 0x62] { $0.u8(byte) }
        }
        #expect(try AgentMessage(frame) == .error(AgentError(.busy, "a\u{fffd}\u{fffd}b")))
    }

    @Test func `text that is too long for its length field is cut`() throws {
        let message = AgentMessage.error(AgentError(.busy, String(repeating: "x", count: 70000)))
        let cut = try AgentMessage(try cut([message.encoded()])[0])
        #expect(cut == .error(AgentError(.busy, String(repeating: "x", count: 65535))))
    }

    @Test(arguments: [0, 1, Open.tokenCap, Open.tokenCap + 1, 65535])
    func `a token is as long as its cap at most`(length: Int) throws {
        let open = Open(token: String(repeating: "t", count: length))
        let frame = try cut([HostMessage.open(open).encoded()])[0]
        if length <= Open.tokenCap {
            #expect(try HostMessage(frame) == .open(open))
        } else {
            expectBad("token", frame)
        }
    }

    // MARK: Versions

    @Test(arguments: [FrameType.open, .hello], [0, 3, .max] as [UInt32])
    func `another version is told before anything behind it is read`(type: FrameType, version: UInt32) {
        for rest: [UInt8] in [[], [0xff], [0, 0], Array(repeating: 0x80, count: 500)] {
            let frame = frame(type) {
                $0.u32(Frame.magic)
                $0.u32(version)
                for byte in rest { $0.u8(byte) }
            }
            #expect(throws: WireError.otherVersion(version)) { try EitherMessage(frame) }
        }
    }

    @Test(arguments: [FrameType.open, .hello])
    func `another magic number is told before the version`(type: FrameType) {
        let frame = frame(type) {
            $0.u32(Frame.magic + 1)
            $0.u32(2)
        }
        #expect(throws: WireError.badMagic) { try EitherMessage(frame) }
    }

    // MARK: Values

    @Test func `numbers that no enum has are refused`() throws {
        for number: UInt8 in [6, 255] { expectBad("source", try changed(.start, at: 0, number)) }
        for number: UInt8 in [4, 255] { expectBad("transport", try changed(.start, at: 1, number)) }
        for number: UInt8 in [0, 6, 255] { expectBad("source", try changed(.started, at: 0, number)) }
        for number: UInt8 in [0, 4] { expectBad("transport", try changed(.started, at: 1, number)) }
        for number: UInt8 in [15, 255] { expectBad("column", try changed(.started, at: 4, number)) }
        for number: UInt8 in [0, 5, 255] { expectBad("reason for the end", try changed(.bye, at: 0, number)) }
        for number: UInt8 in [0, 9, 255] { expectBad("error code", try changed(.error, at: 0, number)) }
    }

    /// A start whose filter ends with these bytes in place of `present`, `addresses` and `sampleEvery`.
    private func start(_ write: (inout ByteWriter) -> Void) -> RawFrame {
        frame(.start) {
            $0.u16(0)
            $0.bool(true)
            $0.u16(0)
            $0.u64(0)
            for _ in 0..<2 { $0.u16(0) }
            $0.bool(false)
            for _ in 0..<6 { $0.u16(0) }
            write(&$0)
        }
    }

    @Test func `a truth value is zero or one`() {
        expectBad("truth value", start { $0.u8(2) })
        expectBad("truth value", start { $0.u16(0x0201) })
        expectBad("truth value", start { $0.u16(0xff00) })
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 1), (.max, 0)] as [(UInt64, UInt64)])
    func `an address range has something in it`(low: UInt64, high: UInt64) {
        expectBad("address range", start {
            $0.u16(0x0100)
            $0.u64(low)
            $0.u64(high)
        })
    }

    @Test(arguments: [(0, 0), (4096, 4096), (8192, 4096), (.max, 0)] as [(UInt64, UInt64)])
    func `a mapping has something in it`(start: UInt64, end: UInt64) {
        expectBad("mapping's range", frame(.mapped) {
            $0.u64(1)
            $0.u32(1)
            $0.u64(start)
            $0.u64(end)
        })
    }

    @Test(arguments: [0, 8, 255] as [UInt8])
    func `a mapping is of a known kind`(kind: UInt8) {
        expectBad("mapping's kind", frame(.mapped) {
            $0.u64(1)
            $0.u32(1)
            for number: UInt64 in [1, 2, 3] { $0.u64(number) }
            $0.u8(kind)
        })
    }

    @Test func `one in zero is no sampling rate`() {
        expectBad("sampling rate", start {
            $0.u16(0)
            $0.u32(0)
        })
    }

    @Test func `a check that this version does not know is refused`() {
        let report = PreflightReport(
            basis: .live, kernel: .init(release: "", arch: "", pageSize: 0), selinux: .init(mode: .unknown, domain: nil),
            sources: [], checks: [Check(.btf, .pass, found: "")])
        let hello = AgentMessage.hello(Hello(agentVersion: "", agentPid: 0, cpuCount: 0, report: report))
        var bytes = hello.encoded()
        bytes[bytes.count - 6] ^= 0x20  // the f of "btf": what follows it is u8 status, u16 length, u8 no remedy
        bytes[bytes.count - 5] ^= 0x20
        let frames = try? cut([bytes])
        #expect(throws: WireError.badValue("check id")) { try frames.map { try AgentMessage($0[0]) } }
    }
}
