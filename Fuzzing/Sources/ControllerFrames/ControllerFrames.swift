@testable import AgentCore
import FaultModel
@testable import FaultProbe
import FuzzSupport
import WireProtocol

/// An agent against whatever a controller says: the token, the handshake, the filters, and what is out of turn.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var conversation = AgentSide()
    conversation.take(FuzzInput.bytes(start, count))
    return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int, _ seed: UInt32) -> Int {
    FrameMutator(isSealed: false).mutate(data, size, capacity, seed)
}

/// What the agent does of its own with what comes, but for tracing.
struct AgentSide: ~Copyable {
    /// The one in the corpus.
    private static let token = "secret"
    /// As long as nobody has shown it.
    private static let openingCap = 512

    private var decoder = FrameDecoder(maximumPayload: openingCap)
    private var session = Session(token: token, nowNs: 0)
    private var admission = Admission()
    private var nowNs: UInt64 = 0

    mutating func take(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { decoder.append($0) }
        do throws(WireError) {
            while let frame = try decoder.next() {
                guard let message = try HostMessage(frame) else { continue }
                try Self.checkRoundTrip(message, frame.type)
                guard act(session.received(message, nowNs: nowNs)), act(session.tick(nowNs: nowNs)) else { return }
                nowNs += 1_000_000_000
            }
        } catch {
            _ = act(session.received(error))
        }
    }

    /// - Returns: false when the conversation is over.
    private mutating func act(_ action: SessionAction) -> Bool {
        switch action {
        case .sayHello: decoder.maximumPayload = Frame.maximumPayload
        case .startTrace(let start): prepare(start)
        case .refuse(let error):
            _ = AgentMessage.error(error).encoded()
            if error.code == .badToken, !admission.isOver { _ = admission.refuse() }
            return false
        case .close: return false
        case .none, .look, .symbolise, .endTrace, .finishSending: break
        }
        return true
    }

    /// Makes the filter's maps and settings, and asks them.
    private func prepare(_ start: Start) {
        let request = ProbeRequest(
            source: start.source ?? .perfRing, transport: start.transport, wantsOutcome: start.wantsOutcome, stacks: start.stacks,
            bufferSize: start.bufferSize, filter: start.filter, tally: start.tally?.key)
        guard let kernel = try? KernelFilter(request, wakeAtBytes: start.bufferSize) else { return }
        _ = (kernel.processCapacity(), kernel.threadCapacity, kernel.userCapacity)
        let filter = RecordFilter(kernel)
        for pid in start.filter.pids.prefix(8) { filter.forked(pid &+ 1, by: pid) }
        let facts = ThreadFacts(name: { _ in (0x6b72_6f77, 0) }, user: { $0 })
        for pid in start.filter.excludedPids.prefix(8) { _ = Exclusion(start.filter, facts: facts)?.excludes(pid &+ 1) }
    }

    private static func checkRoundTrip(_ message: HostMessage, _ type: UInt16) throws(WireError) {
        let again = try HostMessage(RawFrame(type: type, payload: Array(message.encoded().dropFirst(Frame.headerSize))))
        require(again == message, "a message comes back as it was written: \(message)")
    }
}
