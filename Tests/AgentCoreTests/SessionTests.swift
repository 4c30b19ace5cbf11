import Testing
import WireProtocol

@testable import AgentCore

/// Every state with every input.
struct SessionTests {
    enum State: CaseIterable { case opening, idle, tracing, ending }

    private static let second: UInt64 = 1_000_000_000
    private let begin = Start(eventLimit: 997)
    private let refused = AgentError(.cannotTrace, "no")
    private let question = Symbolise(pid: 7, file: "/lib/one.so", offsets: [16])

    /// A session that has come so far, the last thing heard at zero.
    private func session(_ state: State) -> Session {
        var session = Session(token: "secret", nowNs: 0)
        if state != .opening { _ = session.received(.open(Open(token: "secret")), nowNs: 0) }
        if state == .tracing || state == .ending { _ = session.received(.start(begin), nowNs: 0) }
        if state == .ending { _ = session.received(.stop, nowNs: 0) }
        return session
    }

    /// What comes of one input, and the state after it as far as it shows.
    private func outcome(
        _ state: State, _ input: (inout Session) -> SessionAction
    ) -> (action: SessionAction, isTracing: Bool) {
        var session = session(state)
        let action = input(&session)
        return (action, session.isTracing)
    }

    private func expect(
        _ state: State, _ message: HostMessage, _ action: SessionAction, isTracing: Bool = false,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let outcome = outcome(state) { $0.received(message, nowNs: 1) }
        #expect(outcome == (action, isTracing), sourceLocation: location)
    }

    private func expectViolation(_ state: State, _ message: HostMessage, _ location: SourceLocation = #_sourceLocation) {
        let outcome = outcome(state) { $0.received(message, nowNs: 1) }
        #expect(code(outcome.action) == .protocolViolation, sourceLocation: location)
        #expect(!outcome.isTracing, sourceLocation: location)
    }

    private func code(_ action: SessionAction) -> AgentError.Code? {
        if case .refuse(let error) = action { error.code } else { nil }
    }

    // MARK: Messages

    @Test func `the right token is answered with hello, and nothing else is`() {
        expect(.opening, .open(Open(token: "secret")), .sayHello(withChecks: false))
        expect(.opening, .open(Open(token: "secret", wantsChecks: true)), .sayHello(withChecks: true))
        for token in ["", "Secret", "secre", "secret ", "secretsecret"] {
            let outcome = outcome(.opening) { $0.received(.open(Open(token: token)), nowNs: 1) }
            #expect(code(outcome.action) == .badToken)
        }
        for state in [State.idle, .tracing] { expectViolation(state, .open(Open(token: "secret"))) }
        expect(.ending, .open(Open(token: "secret")), .none)
    }

    @Test func `mappings are asked for while a trace runs, and after its end in vain`() {
        expect(.tracing, .look(Look(pid: 7)), .look(7), isTracing: true)
        for state in [State.opening, .idle] { expectViolation(state, .look(Look(pid: 7))) }
        expect(.ending, .look(Look(pid: 7)), .none)
    }

    @Test func `names are asked for while a trace runs and after its end`() {
        expect(.tracing, .symbolise(question), .symbolise, isTracing: true)
        expect(.ending, .symbolise(question), .symbolise)
        for state in [State.opening, .idle] { expectViolation(state, .symbolise(question)) }
    }

    @Test func `after a wrong token the right one comes too late`() {
        var session = session(.opening)
        _ = session.received(.open(Open(token: "wrong")), nowNs: 0)
        let answers = [
            session.received(.open(Open(token: "secret")), nowNs: 1), session.received(.start(begin), nowNs: 2),
        ]
        #expect(answers == [.none, .none])
        let isTracing = session.isTracing
        #expect(!isTracing)
    }

    @Test func `another version is refused whatever the token, with both numbers`() {
        for token in ["secret", "wrong"] {
            let outcome = outcome(.opening) { $0.received(.open(Open(version: 7, token: token)), nowNs: 1) }
            guard case .refuse(let error) = outcome.action else { Issue.record("not refused"); return }
            #expect(error.code == .wrongVersion)
            #expect(error.text.contains("7") && error.text.contains("\(Frame.version)"))
        }
    }

    @Test func `a trace starts once, and only for who said hello`() {
        expectViolation(.opening, .start(begin))
        expect(.idle, .start(begin), .startTrace(begin), isTracing: true)
        expectViolation(.tracing, .start(begin))
        expect(.ending, .start(begin), .none)
    }

    @Test func `stop ends the trace, or the session that has none`() {
        expectViolation(.opening, .stop)
        expect(.idle, .stop, .close)
        expect(.tracing, .stop, .endTrace(.stopped))
        expect(.ending, .stop, .finishSending)
    }

    @Test func `a sign of life changes nothing, but nobody lives before hello`() {
        expectViolation(.opening, .alive)
        expect(.idle, .alive, .none)
        expect(.tracing, .alive, .none, isTracing: true)
        expect(.ending, .alive, .none)
    }

    // MARK: What is no message

    @Test(arguments: State.allCases)
    func `bytes that are no message end any session`(state: State) {
        let violations: [WireError] = [
            .truncated, .trailingBytes, .badMagic, .payloadTooLong(.max), .badValue("mode"),
        ]
        for violation in violations {
            let outcome = outcome(state) { $0.received(violation) }
            #expect(!outcome.isTracing)
            guard state != .ending else { #expect(outcome.action == .close); continue }
            #expect(code(outcome.action) == .protocolViolation)
        }
    }

    @Test func `a version that nobody can read any further has its own code`() {
        let outcome = outcome(.opening) { $0.received(.otherVersion(2)) }
        #expect(code(outcome.action) == .wrongVersion)
    }

    @Test(arguments: State.allCases)
    func `a trace that failed is told once`(state: State) {
        let outcome = outcome(state) { $0.failed(refused) }
        #expect(outcome == (state == .ending ? .close : .refuse(refused), false))
    }

    @Test(arguments: State.allCases, Bye.Reason.allCases)
    func `a trace that ends by itself says why, and without one the session just closes`(
        state: State, reason: Bye.Reason
    ) {
        let outcome = outcome(state) { $0.finish(reason) }
        #expect(outcome == (state == .tracing ? .endTrace(reason) : .close, false))
    }

    @Test func `after its last frame a session answers questions for names alone`() {
        var session = session(.ending)
        let answers = [
            session.failed(refused), session.received(.truncated), session.finish(.signalled),
            session.received(.start(begin), nowNs: 1), session.received(.symbolise(question), nowNs: 2),
            session.received(.stop, nowNs: 3),
        ]
        #expect(answers == [.close, .close, .close, .none, .symbolise, .finishSending])
    }

    // MARK: Time

    @Test(arguments: [
        (.opening, Session.openingLimitNs), (.idle, Session.silenceLimitNs), (.tracing, Session.silenceLimitNs),
        (.ending, Session.silenceLimitNs),
    ] as [(State, UInt64)])
    func `silence is borne up to its limit`(state: State, limit: UInt64) {
        for now in [0, 1, limit - 1, limit] {
            #expect(outcome(state) { $0.tick(nowNs: now) } == (.none, state == .tracing))
        }
        for now in [limit + 1, limit * 100, .max] {
            let action = outcome(state) { $0.tick(nowNs: now) }.action
            if state == .opening { #expect(code(action) == .timedOut) } else { #expect(action == .close) }
        }
    }

    @Test func `each message begins the silence anew`() {
        var session = session(.tracing)
        var actions: [SessionAction] = []
        for beat: UInt64 in 1...20 {
            actions.append(session.tick(nowNs: beat * 9 * Self.second))
            actions.append(session.received(.alive, nowNs: beat * 9 * Self.second))
        }
        #expect(actions.allSatisfy { $0 == .none })
        let last = session.tick(nowNs: 20 * 9 * Self.second + Session.silenceLimitNs + 1)
        #expect(last == .close)
    }

    @Test func `who drips bytes without a message is not heard`() {
        var session = Session(token: "secret", nowNs: 100 * Self.second)
        let inTime = session.tick(nowNs: 105 * Self.second)
        let late = session.tick(nowNs: 105 * Self.second + 1)
        #expect(inTime == .none)
        #expect(code(late) == .timedOut)
        let after = session.tick(nowNs: 106 * Self.second)
        #expect(after == .none)
    }

    @Test func `the limits are those of the protocol`() {
        #expect(Session.openingLimitNs == 5 * Self.second)
        #expect(Session.silenceLimitNs == 10 * Self.second)
    }

    // MARK: Secrets

    @Test(arguments: [
        ("secret", "secret", true), ("secret", "secreT", false), ("Secret", "secret", false), ("secre", "secret", false),
        ("secrets", "secret", false), ("secretsecret", "secret", false), ("", "secret", false), ("", "", false),
        ("a", "", false), ("é", "é", true), ("e\u{301}", "é", false), ("a\0", "a\0", true), ("a\0b", "a\0c", false),
    ])
    func `two secrets are equal byte by byte`(guess: String, secret: String, isEqual: Bool) {
        #expect(isSecretEqual(guess, secret) == isEqual)
    }

    @Test func `each byte of a secret counts`() {
        let secret = "0123456789abcdef0123456789abcdef"
        for place in 0..<32 {
            var guess = Array(secret.utf8)
            guess[place] ^= 1
            #expect(!isSecretEqual(String(decoding: guess, as: UTF8.self), secret))
            #expect(!isSecretEqual(String(secret.prefix(place)), secret))
        }
    }

    @Test func `every error says what to do next`() {
        let outcomes = [
            outcome(.opening) { $0.received(.open(Open(token: "x")), nowNs: 1) },
            outcome(.opening) { $0.received(.open(Open(version: 9, token: "x")), nowNs: 1) },
            outcome(.opening) { $0.tick(nowNs: .max) }, outcome(.opening) { $0.received(.stop, nowNs: 1) },
            outcome(.tracing) { $0.received(.badMagic) },
        ]
        for outcome in outcomes {
            guard case .refuse(let error) = outcome.action else { Issue.record("not refused"); continue }
            #expect(error.text.split(separator: "; ").count == 2 && !error.text.hasSuffix("."))
        }
    }
}
