import CLinux
import WireProtocol

/// A socket: frames in, bytes out. It never blocks; what the socket does not take waits in a queue. Or a file, which takes everything.
final class Connection {
    /// With this much waiting the kernel's buffer is left to fill: losses then happen in one place, and are counted.
    private static let queueLimit = 2 << 20
    /// This much is worth a system call of its own; less waits for `flush`.
    private static let sendThreshold = 32 << 10

    /// What has been sent is dropped from the queue at the latest when it is this much.
    private static let forgetThreshold = 256 << 10

    let socket: Int32
    private let isFile: Bool
    private(set) var bytesSent: UInt64 = 0
    /// The peer has gone, or the socket has failed.
    private(set) var isBroken = false
    private var isFinished = false
    private var decoder: FrameDecoder
    private var queue: [UInt8] = []
    private var queueStart = 0
    private var chunk = [UInt8](repeating: 0, count: 16 << 10)

    /// - Parameter maximumPayload: bytes; a longer frame is a violation.
    init(socket: Int32, maximumPayload: Int = Frame.maximumPayload) {
        self.socket = socket
        isFile = false
        decoder = FrameDecoder(maximumPayload: maximumPayload)
    }

    /// - Parameter file: a descriptor that is written to.
    init(file: Int32) {
        socket = file
        isFile = true
        decoder = FrameDecoder()
    }

    deinit { linux_close(socket) }

    var maximumPayload: Int {
        get { decoder.maximumPayload }
        set { decoder.maximumPayload = newValue }
    }

    var hasQueued: Bool { queueStart < queue.count }
    var queuedBytes: Int { queue.count - queueStart }
    var isCongested: Bool { queuedBytes > Self.queueLimit }

    /// The next message that has come whole; nil until more comes.
    func receive() throws(WireError) -> HostMessage? {
        while let frame = try nextFrame() {
            if let message = try HostMessage(frame) { return message }
        }
        return nil
    }

    /// The next frame that has come whole; nil until more comes.
    func nextFrame() throws(WireError) -> RawFrame? {
        while true {
            if let frame = try decoder.next() { return frame }
            guard read() else { return nil }
        }
    }

    /// Queues a message; it goes out with the next `flush`.
    func send(_ message: AgentMessage) { message.encoded().withUnsafeBytes { send($0) } }

    /// - Parameter bytes: a whole frame.
    func send(_ bytes: UnsafeRawBufferPointer) {
        guard !isBroken else { return }
        if isFile { return seal(bytes) }
        let sent = hasQueued || bytes.count < Self.sendThreshold ? 0 : write(bytes)
        queue.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[sent...]))
    }

    private func seal(_ frame: UnsafeRawBufferPointer) {
        queue.append(contentsOf: frame)
        FrameSeal.close(&queue, from: queue.count - frame.count)
        if queuedBytes >= Self.sendThreshold { flush() }
    }

    /// Sends what waits, as far as the socket takes it.
    func flush() {
        guard hasQueued, !isBroken else { return }
        queueStart += queue.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[queueStart...])) }
        guard !hasQueued || queueStart > Self.forgetThreshold else { return }
        queue.removeSubrange(0..<queueStart)
        queueStart = 0
    }

    /// Tells the peer that nothing more comes; it can still be heard.
    func finishSending() {
        guard !isFinished else { return }
        isFinished = true
        linux_finish_sending(socket)
    }

    // MARK: The socket

    private func read() -> Bool {
        let count = chunk.withUnsafeMutableBytes { linux_receive(socket, $0.baseAddress, $0.count) }
        guard count > 0 else {
            if count != -Int(EAGAIN) { isBroken = true }
            return false
        }
        chunk.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        return true
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        var sent = 0
        while sent < bytes.count {
            let (rest, size) = (bytes.baseAddress! + sent, bytes.count - sent)
            let count = isFile ? linux_write(socket, rest, size) : linux_send(socket, rest, size)
            if count <= 0 {
                if count != -Int(EAGAIN) { isBroken = true }
                break
            }
            sent += count
        }
        bytesSent += UInt64(sent)
        return sent
    }
}
