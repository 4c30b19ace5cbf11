import FaultModel
import FuzzSupport
import WireProtocol

/// A controller against whatever an agent says: decoded, added up, explained and shown in every way that needs no file.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var messages = Messages(FuzzInput.bytes(start, count)).all
    guard case .hello(let hello)? = messages.first else { return 0 }
    messages.removeFirst()
    _ = hello.report.text()
    TraceViews(hello, variant: count).take(messages)
    CountViews(hello, variant: count).take(messages)
    return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int, _ seed: UInt32) -> Int {
    FrameMutator(isSealed: false).mutate(data, size, capacity, seed)
}

/// What an agent has said, up to the first bytes that cannot be.
struct Messages {
    private(set) var all: [AgentMessage] = []
    private var decoder = FrameDecoder()

    /// They come in pieces, as from a socket.
    init(_ bytes: [UInt8]) {
        let piece = 1 + bytes.count / 3
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { decoder.append($0) }
            guard (try? decode()) != nil else { return }
        }
    }

    private mutating func decode() throws(WireError) {
        while let frame = try decoder.next() {
            guard let message = try AgentMessage(frame) else { continue }
            try Self.checkRoundTrip(message, frame.type)
            all.append(message)
        }
    }

    private static func checkRoundTrip(_ message: AgentMessage, _ type: UInt16) throws(WireError) {
        let again = try AgentMessage(RawFrame(type: type, payload: Array(message.encoded().dropFirst(Frame.headerSize))))
        require(again == message, "a message comes back as it was written: \(message)")
    }
}
