import AgentCore
import CLinux
import FaultModel
import WireProtocol

/// Waits for one controller, serves it, and ends.
final class Server {
    /// How long the agent waits for a controller.
    private static let patienceNs: UInt64 = 60_000_000_000

    private let listener: Int32
    private let signals: Int32
    private let epoll: Int32
    private let strangers: Strangers
    private var link: Link?
    private let bornNs = linux_monotonic_ns()
    private let parent: pid_t

    /// Serves until the controller has gone.
    ///
    /// - Returns: the exit status.
    static func run(_ options: ServeOptions) -> Int32 {
        var port = options.port
        let listener = linux_listen(options.address, &port)
        guard listener >= 0 else {
            let reason = String(cString: linux_error_name(-listener))
            Console.error("faultline-agent: cannot listen on \(options.address):\(options.port): \(reason); choose another with --listen")
            return 1
        }
        let token = options.token ?? Device.makeToken()
        if !linux_is_loopback(options.address) { Console.error(Self.exposed) }
        let server = Server(listener, token, parent: options.parent)
        let address = options.address.utf8.contains(UInt8(ascii: ":")) ? "[\(options.address)]" : options.address
        Console.print("listening \(address):\(port)" + (options.token == nil ? "\ntoken \(token)" : ""))
        Rights.putAside()
        return server.serve()
    }

    private init(_ listener: Int32, _ token: String, parent: pid_t) {
        self.listener = listener
        self.parent = parent
        signals = linux_signals()
        epoll = linux_epoll()
        strangers = Strangers(token, epoll: epoll)
        _ = linux_watch(epoll, listener, false)
        _ = linux_watch(epoll, signals, false)
    }

    private static let exposed = "faultline-agent: everybody who reaches this address can read along, and with the token trace this device; "
        + "where that is not wanted, leave --listen out and forward a port of 127.0.0.1"

    // MARK: The loop

    private func serve() -> Int32 {
        var ready = [Int32](repeating: -1, count: 16)
        while true {
            let count = linux_wait(epoll, link?.trace?.pauseMs ?? 500, &ready)
            for descriptor in ready.prefix(Int(max(0, count))) {
                if let status = handle(descriptor) { return status }
            }
            if let status = turn() { return status }
        }
    }

    private func handle(_ descriptor: Int32) -> Int32? {
        if descriptor == listener { accept() }
        if descriptor == signals { return takeSignals() }
        if descriptor == link?.connection.socket { receive() }
        if let link, let symboliser = link.symboliser, descriptor == symboliser.descriptor { deliver(symboliser, link) }
        if let controller = strangers.hear(descriptor) { welcome(controller) }
        return nil
    }

    /// What is due after every wake-up. When all is said, the controller closes, as soon as it has read it and has asked for the
    /// names that it wants: if we closed first, its next sign of life would be answered with a reset, which takes what it has not
    /// read yet.
    ///
    /// - Returns: the exit status when all is done.
    private func turn() -> Int32? {
        strangers.tick(nowNs: linux_monotonic_ns())
        guard let link else { return strangers.isOver ? guessed() : isOrphan ? 0 : isForgotten ? forgotten() : nil }
        if let trace = link.trace, !link.isClosing { pump(trace, link) }
        act(link.session.tick(nowNs: linux_monotonic_ns()), link)
        link.connection.flush()
        if link.connection.isBroken || link.isAbandoned { return drop(link) }
        if link.isClosing, link.isLastWordSaid, !link.connection.hasQueued { link.connection.finishSending() } else { watchWritable(link) }
        return nil
    }

    /// Asks to be told when the socket takes more, as long as there is more.
    private func watchWritable(_ link: Link) {
        guard link.connection.hasQueued != link.isWatchedForWriting else { return }
        link.isWatchedForWriting.toggle()
        _ = linux_watch_writable(epoll, link.connection.socket, link.isWatchedForWriting)
    }

    private func pump(_ trace: Trace, _ link: Link) {
        trace.pump()
        if trace.limitReached { act(link.session.finish(.limitReached), link) }
    }

    /// Who has started us for itself has gone, and nobody else knows the token. Once it is our controller its connection tells.
    private var isOrphan: Bool { parent != 0 && linux_parent_pid() != parent }

    private var isForgotten: Bool { linux_monotonic_ns() &- bornNs > Self.patienceNs }

    private func forgotten() -> Int32 {
        Console.error("faultline-agent: no controller came within 60 s; start the agent again when one is ready")
        return 1
    }

    private func guessed() -> Int32 {
        Console.error("faultline-agent: \(strangers.refusals) wrong tokens have come; start the agent again, and give its token to the controller")
        return 1
    }

    // MARK: Connections

    private func accept() {
        let socket = linux_accept(listener)
        guard socket >= 0 else { return }
        guard link != nil else { return strangers.add(socket: socket) }
        let connection = Connection(socket: socket)
        connection.send(.error(Strangers.busy))
        connection.flush()
    }

    /// The first who shows the token is the only one.
    private func welcome(_ controller: Strangers.Controller) {
        link = controller.link
        strangers.turnAwayAll()
        act(.sayHello(withChecks: controller.wantsChecks), controller.link)
        receive()
    }

    private func drop(_ link: Link) -> Int32 {
        link.trace?.abandon()
        return 0
    }

    private func receive() {
        guard let link else { return }
        while !link.isAbandoned {
            do throws(WireError) {
                guard let message = try link.connection.receive() else { return }
                take(message, link)
            } catch {
                return act(link.session.received(error), link)
            }
        }
    }

    /// A question is taken from its message and not from the action: see the traps of Embedded Swift in docs/architecture.md.
    private func take(_ message: HostMessage, _ link: Link) {
        let action = link.session.received(message, nowNs: linux_monotonic_ns())
        if case .symbolise = action, case .symbolise(let question) = message {
            link.symboliser?.ask(question, link.connection)
        } else {
            act(action, link)
        }
    }

    // MARK: Signals

    private func takeSignals() -> Int32? {
        while true {
            let signal = linux_next_signal(signals)
            switch signal {
            case 0: return nil
            case SIGCHLD: reapCommand()
            default:
                guard let link, link.session.isTracing else { return 0 }
                act(link.session.finish(.signalled), link)
            }
        }
    }

    private func reapCommand() {
        guard let link, let trace = link.trace, let end = trace.commandEnded() else { return }
        link.connection.send(.commandEnded(end))
        act(link.session.finish(.commandEnded), link)
    }

    // MARK: Actions

    private func act(_ action: SessionAction, _ link: Link) {
        switch action {
        case .none, .symbolise: break
        case .sayHello(let withChecks): sayHello(withChecks, link)
        case .startTrace(let start): begin(start, link)
        case .look(let pid): link.trace?.look(at: pid)
        case .endTrace(let reason):
            link.trace?.finish(reason)
            close(link)
        case .finishSending: link.isLastWordSaid = true
        case .refuse(let error):
            link.connection.send(.error(error))
            link.isLastWordSaid = true
            close(link)
        case .close:
            close(link)
            link.isAbandoned = true
        }
    }

    private func sayHello(_ withChecks: Bool, _ link: Link) {
        let report = Rights.inUse { Device.preflight(withChecks: withChecks) }
        link.connection.send(.hello(Device.hello(report)))
    }

    private func begin(_ start: Start, _ link: Link) {
        do throws(AgentError) {
            let trace = try Rights.inUse { () throws(AgentError) in try attached(start, link) }
            Rights.keep(forTracing: trace)
            link.connection.send(.boot(Device.boot))
            link.connection.send(.started(trace.started))
            link.trace = trace
            trace.watch(in: epoll)
            reapCommand()
        } catch {
            act(link.session.failed(error), link)
        }
    }

    private func attached(_ start: Start, _ link: Link) throws(AgentError) -> Trace {
        let symboliser = symboliser(start)
        link.symboliser = symboliser
        return try Trace(start, connection: link.connection, symboliser: symboliser.pid)
    }

    /// Before the trace, so that the trace knows whose faults to leave out.
    private func symboliser(_ start: Start) -> Symboliser {
        let symboliser = Symboliser()
        if symboliser.pid != 0 { _ = linux_watch(epoll, symboliser.descriptor, false) }
        return symboliser
    }

    private func deliver(_ symboliser: Symboliser, _ link: Link) {
        symboliser.deliver(to: link.connection)
        if symboliser.isGone { _ = linux_unwatch(epoll, symboliser.descriptor) }
    }

    private func close(_ link: Link) {
        link.trace?.abandon()
        link.trace = nil
        link.isClosing = true
    }
}
