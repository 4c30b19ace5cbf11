import FaultModel
import Testing
import WireProtocol

/// Batches that no encoder makes. The tag's bits: thread 0-1, ip 2, cache 3, kind 4, cpu 5, address 6, zero 7.
struct BatchMalformedTests {
    private func header(sequence: UInt64 = 0, count: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.u64(sequence)
        writer.u64(1000)
        writer.u32(count)
        writer.u8(0)
        return writer.bytes
    }

    /// Pid 1, tid 2, uid 3, "a".
    private let definition: [UInt8] = [1, 2, 3, 1, 0x61]

    /// Tag, time +1, a new thread.
    private func newThread(_ tag: UInt8 = 0, _ rest: UInt8...) -> [UInt8] { [tag | 2, 2] + definition + rest }

    private func decode(_ payload: [UInt8], into faults: inout [PageFault]) throws(WireError) {
        var decoder = BatchDecoder()
        try decoder.decode(payload, into: &faults)
    }

    private func decode(_ payload: [UInt8]) throws(WireError) -> [PageFault] {
        var faults: [PageFault] = []
        try decode(payload, into: &faults)
        return faults
    }

    private func expect(_ error: WireError, count: UInt32 = 1, _ events: [UInt8]) {
        let payload = header(count: count) + events
        #expect(throws: error) { try decode(payload) }
    }

    /// A varint of the largest number that takes so many bytes.
    private func largest(bytes: Int) -> [UInt8] { Array(repeating: 0xff, count: bytes - 1) + [bytes == 10 ? 1 : 0x7f] }

    @Test func `a plain event is taken`() throws {
        let fault = try decode(header(count: 1) + newThread())
        #expect(fault.map(\.timeNs) == [1001])
        #expect(fault.map(\.thread) == [FaultThread(pid: 1, tid: 2, uid: 3, comm: ThreadName([0x61]))])
    }

    @Test func `a latency that does not come is missed`() { expect(.truncated, newThread(0x80)) }

    @Test func `the cache without an ip is refused`() { expect(.badValue("event tag"), newThread(0x08, 0)) }

    @Test func `a thread of the third kind is refused`() { expect(.badValue("thread tag"), [3, 0, 0]) }

    @Test func `no first event is of the thread before`() { expect(.badValue("thread"), [0, 0]) }

    @Test func `a thread that is not defined is refused`() {
        expect(.badValue("thread"), [1, 0, 0])
        for index in [[1], [0xff, 0x7f], largest(bytes: 9), largest(bytes: 10)] as [[UInt8]] {
            expect(.badValue("thread"), count: 2, newThread() + [1, 0] + index)
        }
    }

    @Test func `one thread more than a batch holds is refused`() throws {
        let full = (0..<1024).flatMap { _ in newThread() }
        #expect(try decode(header(count: 1024) + full).count == 1024)
        expect(.badValue("number of threads"), count: 1025, full + newThread())
    }

    @Test func `ids of more than 32 bits are refused`() {
        for (place, field): (Int, StaticStringBox) in [(0, "process id"), (1, "thread id"), (2, "user id")] {
            var thread = definition
            thread.replaceSubrange(place...place, with: [0x80, 0x80, 0x80, 0x80, 0x10])
            expect(.badValue(field), [2, 0] + thread)
        }
    }

    @Test func `a name longer than the kernel's is refused`() throws {
        let longest = [2, 0, 1, 2, 3, 16] + [UInt8](repeating: 0x61, count: 16)
        #expect(try decode(header(count: 1) + longest).map(\.thread.comm.text) == ["aaaaaaaaaaaaaaaa"])
        expect(.badValue("thread name"), [2, 0, 1, 2, 3, 17] + [UInt8](repeating: 0x61, count: 17))
        expect(.badValue("thread name"), [2, 0, 1, 2, 3, 255])
    }

    @Test func `a name ends at its first NUL`() throws {
        #expect(try decode(header(count: 1) + [2, 0, 1, 2, 3, 3, 0x61, 0, 0x62]).map(\.thread.comm.text) == ["a"])
    }

    @Test func `a kind that is not defined is refused`() {
        for number: UInt8 in [1, 127, 128, 255] {
            expect(.badValue("kind of fault"), newThread(0x10, number, 0, 0, 0))
        }
    }

    @Test func `one kind more than a batch holds is refused`() throws {
        let full = (0..<128).flatMap { newThread(0x10, UInt8($0), 1, 0, UInt8($0 & 0x7f)) }
        #expect(try decode(header(count: 128) + full).count == 128)
        expect(.badValue("kind of fault"), count: 129, full + newThread(0x10, 128, 1, 0, 0))
    }

    @Test func `an error code of an unknown kind is refused`() {
        expect(.badValue("error code's kind"), newThread(0x10, 0, 3, 0, 0))
    }

    @Test func `a CPU number of more than 16 bits is refused`() throws {
        #expect(try decode(header(count: 1) + newThread(0x20, 0xff, 0xff, 3)).map(\.cpu) == [65535])
        expect(.badValue("CPU number"), newThread(0x20, 0x80, 0x80, 4))
    }

    @Test(arguments: [2, 1000, .max] as [UInt32])
    func `a count that the payload does not hold is refused, and what came is kept`(count: UInt32) {
        let payload = header(count: count) + newThread()
        var faults: [PageFault] = []
        #expect(throws: WireError.truncated) { try decode(payload, into: &faults) }
        #expect(faults.count == 1)
        #expect(faults.capacity < 1000)
    }

    @Test func `events that were not announced are refused`() {
        expect(.trailingBytes, newThread() + newThread())
        expect(.trailingBytes, count: 0, [0])
    }

    @Test func `batches out of number are refused`() throws {
        for sequence: UInt64 in [1, .max] {
            let payload = header(sequence: sequence, count: 0)
            #expect(throws: WireError.badValue("batch number")) { try decode(payload) }
        }
        var decoder = BatchDecoder()
        var faults: [PageFault] = []
        try decoder.decode(header(sequence: 0, count: 0), into: &faults)
        try decoder.decode(header(sequence: 1, count: 0), into: &faults)
        for wrong: UInt64 in [0, 1, 3] {
            let payload = header(sequence: wrong, count: 0)
            #expect(throws: WireError.badValue("batch number")) { try decoder.decode(payload, into: &faults) }
        }
    }

    @Test func `a batch knows nothing of the one before`() throws {
        var decoder = BatchDecoder()
        var faults: [PageFault] = []
        try decoder.decode(header(count: 1) + newThread(0x10, 0, 1, 0, 6), into: &faults)
        let payload = header(sequence: 1, count: 1) + [1, 0, 0]
        #expect(throws: WireError.badValue("thread")) { try decoder.decode(payload, into: &faults) }
        let kind = header(sequence: 2, count: 1) + newThread(0x10, 1)
        #expect(throws: WireError.badValue("kind of fault")) { try decoder.decode(kind, into: &faults) }
        try decoder.decode(header(sequence: 3, count: 1) + newThread(0x0c, 0), into: &faults)
        #expect(faults.last?.ip == 0)
    }

    @Test func `the fullest frame of the shortest events is taken`() throws {
        let room = Frame.maximumPayload - header(count: 0).count - newThread().count
        let events = newThread() + [UInt8](repeating: 0, count: room / 2 * 2)
        let faults = try decode(header(count: UInt32(1 + room / 2)) + events)
        #expect(faults.count == 1 + room / 2)
    }
}
