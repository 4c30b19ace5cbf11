import AgentCore
import CLinux
import WireProtocol

/// Connections that have not shown the token yet. None of them keeps a controller that has it from being served.
final class Strangers {
    /// Beyond that the oldest makes room: who has the token shows it at once.
    private static let limit = 8
    /// Bytes of an `open` at the most.
    private static let openingCap = 512

    private final class Stranger {
        let link: Link
        /// When its refusal goes out, CLOCK_MONOTONIC; nil: it has not been refused.
        var dueNs: UInt64?

        init(_ link: Link) { self.link = link }

        var connection: Connection { link.connection }
    }

    /// Who has shown the token, and whether it wants the preflight's checks.
    struct Controller {
        let link: Link
        let wantsChecks: Bool
    }

    private let token: String
    private let epoll: Int32
    private var admission = Admission()
    /// The oldest first.
    private var waiting: [Stranger] = []

    init(_ token: String, epoll: Int32) {
        self.token = token
        self.epoll = epoll
    }

    /// Enough wrong tokens have come, and all of them have been answered.
    var isOver: Bool { admission.isOver && waiting.isEmpty }
    var refusals: Int { admission.refusals }

    func add(socket: Int32) {
        if admission.isOver { return linux_close(socket) }
        if waiting.count >= Self.limit, let oldest = waiting.first(where: { $0.dueNs == nil }) { turnAway(oldest, Self.tooMany) }
        waiting.append(Stranger(Link(Connection(socket: socket, maximumPayload: Self.openingCap), token: token)))
        _ = linux_watch(epoll, socket, false)
    }

    /// Everybody is told that another controller is served.
    func turnAwayAll() {
        for stranger in waiting { turnAway(stranger, Self.busy) }
    }

    static let busy = AgentError(.busy, "the agent serves another controller; end that one first")
    private static let tooMany = AgentError(.busy, "too many connect to the agent at once; connect again")

    /// Something has come from this descriptor, if it is one of theirs.
    ///
    /// - Returns: who has shown the token with it.
    func hear(_ descriptor: Int32) -> Controller? {
        guard let stranger = waiting.first(where: { $0.connection.socket == descriptor }) else { return nil }
        do throws(WireError) {
            guard let message = try opening(stranger.connection) else {
                if stranger.connection.isBroken { forget(stranger) }
                return nil
            }
            return answer(stranger.link.session.received(message, nowNs: linux_monotonic_ns()), stranger)
        } catch {
            return answer(stranger.link.session.received(error), stranger)
        }
    }

    /// Time has passed.
    func tick(nowNs: UInt64) {
        for stranger in waiting {
            if let dueNs = stranger.dueNs {
                if nowNs >= dueNs { forget(stranger) }
            } else {
                _ = answer(stranger.link.session.tick(nowNs: nowNs), stranger)
            }
        }
    }

    // MARK: One of them

    /// The first frame and no other; nil until it has come whole.
    private func opening(_ connection: Connection) throws(WireError) -> HostMessage? {
        do throws(WireError) {
            guard let frame = try connection.nextFrame() else { return nil }
            if let message = try HostMessage(frame) { return message }
        } catch {
            if case .payloadTooLong = error { throw .badMagic }
            throw error
        }
        throw .badMagic
    }

    private func answer(_ action: SessionAction, _ stranger: Stranger) -> Controller? {
        switch action {
        case .none: break
        case .sayHello(let wantsChecks): return welcome(stranger, wantsChecks)
        case .refuse(let error): refuse(stranger, error)
        default: forget(stranger)
        }
        return nil
    }

    /// It stays watched by the same epoll.
    private func welcome(_ stranger: Stranger, _ wantsChecks: Bool) -> Controller {
        waiting.removeAll { $0 === stranger }
        stranger.connection.maximumPayload = Frame.maximumPayload
        return Controller(link: stranger.link, wantsChecks: wantsChecks)
    }

    /// A wrong token's answer is written now and goes out late.
    private func refuse(_ stranger: Stranger, _ error: AgentError) {
        stranger.connection.send(.error(error))
        guard error.code == .badToken else { return forget(stranger) }
        stranger.dueNs = linux_monotonic_ns() &+ admission.refuse()
        _ = linux_unwatch(epoll, stranger.connection.socket)
    }

    private func turnAway(_ stranger: Stranger, _ why: AgentError) {
        stranger.connection.send(.error(why))
        forget(stranger)
    }

    /// Sends what is left, and closes.
    private func forget(_ stranger: Stranger) {
        stranger.connection.flush()
        _ = linux_unwatch(epoll, stranger.connection.socket)
        waiting.removeAll { $0 === stranger }
    }
}
