import NIOCore
import Testing
import WireProtocol

@testable import DeviceLink

/// A controller and everything that can wait for it behind a port.
@Suite(.timeLimit(.minutes(1)))
struct AgentLinkTests {
    /// Opens a link and lets all messages come.
    private func messages(
        _ reply: FakeAgent.Reply, limits: LinkLimits = LinkLimits()
    ) async throws -> (hello: Hello, messages: [AgentMessage]) {
        try await FakeAgent.run(reply) { agent in
            try await AgentLink.open(
                to: agent.endpoint.place, Open(token: agent.endpoint.token), limits: limits) { link, messages in
                var all: [AgentMessage] = []
                while let message = try await messages.next() { all.append(message) }
                return (link.hello, all)
            }
        }
    }

    private func expect(
        _ error: LinkError, _ reply: FakeAgent.Reply, limits: LinkLimits = LinkLimits(),
        _ location: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: error, sourceLocation: location) { try await messages(reply, limits: limits) }
    }

    private let round = AgentMessage.round(Round(completeUntilNs: 5))

    // MARK: When all is well

    @Test func `an agent that says hello and goes is listened to until its end`() async throws {
        let bye = AgentMessage.bye(Bye(reason: .stopped, events: 1, lost: 2, durationNs: 3))
        let heard = try await messages(.bytesThenClose(helloBytes + round.encoded() + bye.encoded()))
        #expect(heard.hello == .plain)
        #expect(heard.messages == [round, bye])
    }

    @Test func `the token is said first, and stop brings the end`() async throws {
        let bye = AgentMessage.bye(Bye(reason: .stopped, events: 0, lost: 0, durationNs: 0))
        try await FakeAgent.run(.conversation(helloBytes, onStop: bye.encoded())) { agent in
            let ending = try await AgentLink.open(to: agent.endpoint) { link, messages in
                try await link.send(.start(Start(eventLimit: 9)))
                try await link.send(.stop)
                return [try await messages.next(), try await messages.next()]
            }
            #expect(ending == [bye, nil])
            #expect(agent.messages == [.open(Open(token: "secret")), .start(Start(eventLimit: 9)), .stop])
        }
    }

    @Test func `frames of unknown types are passed over`() async throws {
        let strange = frame(type: 0x7777, [1, 2, 3])
        let heard = try await messages(.bytesThenClose(strange + helloBytes + strange + round.encoded() + strange))
        #expect(heard.messages == [round])
    }

    @Test func `it says again and again that it is still there`() async throws {
        let limits = LinkLimits(aliveInterval: .milliseconds(5))
        try await FakeAgent.run(.bytes(helloBytes)) { agent in
            try await AgentLink.open(
                to: agent.endpoint.place, Open(token: agent.endpoint.token), limits: limits) { _, _ in
                while agent.messages.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
            }
            #expect(agent.messages.prefix(4) == [.open(Open(token: "secret")), .alive, .alive, .alive])
        }
    }

    @Test func `what the body throws comes back`() async throws {
        struct Mine: Error {}
        try await FakeAgent.run(.bytes(helloBytes)) { agent in
            await #expect(throws: Mine.self) {
                try await AgentLink.open(to: agent.endpoint) { _, _ in throw Mine() }
            }
        }
    }

    // MARK: Who is no agent

    @Test func `a port where nobody listens is told as the system does`() async {
        let endpoint = FakeAgent.nobody
        await #expect(throws: LinkError.cannotConnect(endpoint.place, reason: "Connection refused")) {
            try await AgentLink.open(to: endpoint) { _, _ in }
        }
    }

    @Test func `a connection that is closed without a word has nobody behind it`() async {
        await expect(.nobodyThere, .bytesThenClose([]))
    }

    @Test func `a hello that is cut off has nobody behind it either`() async {
        for count in [1, 7, 8, helloBytes.count - 1] {
            await expect(.nobodyThere, .bytesThenClose(Array(helloBytes.prefix(count))))
        }
    }

    @Test func `silence does not last for ever`() async {
        let limits = LinkLimits(silence: .milliseconds(50))
        await expect(.silent, .nothing, limits: limits)
        await expect(.silent, .bytes(Array(helloBytes.dropLast())), limits: limits)
        await expect(.silent, .bytes(helloBytes), limits: limits)
        await expect(.silent, .bytes(helloBytes + round.encoded()), limits: limits)
    }

    @Test func `a web server is none of ours`() async {
        let text = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        await expect(.violation(.payloadTooLong(0x5054_5448)), .bytesThenClose(text))
    }

    @Test func `a length of four gibibytes is not waited for`() async {
        await expect(.violation(.payloadTooLong(.max)), .bytes(frame(length: .max, type: 0x81)))
        await expect(.violation(.payloadTooLong(.max)), .bytes(helloBytes + frame(length: .max, type: 0x83)))
    }

    @Test func `a hello without our magic number is none`() async {
        await expect(.violation(.badMagic), .bytes(frame(type: 0x81, Array(repeating: 0, count: 60))))
    }

    @Test func `another version is told, however its hello goes on`() async {
        var other = Hello.plain
        other.version = 3
        await expect(.wrongVersion(3), .bytes(AgentMessage.hello(other).encoded()))
        await expect(.wrongVersion(3), .bytes(frame(type: 0x81, Array("FLTL".utf8) + [3, 0, 0, 0])))
    }

    @Test func `an agent that refuses is quoted`() async {
        for code in AgentError.Code.allCases {
            let error = AgentError(code, "the token is wrong; give the one that the agent printed")
            await expect(.refused(error), .bytesThenClose(AgentMessage.error(error).encoded()))
        }
    }

    @Test func `a refusal is read although its sender has never listened`() async {
        let error = AgentError(.busy, "the agent serves another controller; end that one first")
        for _ in 0..<50 { await expect(.refused(error), .dismissal(AgentMessage.error(error).encoded())) }
    }

    @Test func `hello comes first`() async {
        await expect(.unexpected("a message before its hello"), .bytes(round.encoded() + helloBytes))
    }

    @Test func `our own frames sent back are refused`() async {
        let echo = HostMessage.open(Open(token: "secret")).encoded()
        await expect(.violation(.badValue("frame type for this direction")), .bytes(echo))
    }

    // MARK: What goes wrong later

    @Test func `a frame that is cut off is a cut`() async {
        let bytes = round.encoded()
        for count in 1..<bytes.count {
            await expect(.cut, .bytesThenClose(helloBytes + bytes.prefix(count)))
        }
    }

    @Test func `a payload that is no message ends it`() async {
        await expect(.violation(.truncated), .bytes(helloBytes + frame(type: 0x84, [1])))
        await expect(.violation(.trailingBytes), .bytes(helloBytes + frame(type: 0x84, Array(repeating: 0, count: 9))))
    }

    @Test func `who speaks to an agent that has gone hears of the cut`() async throws {
        try await FakeAgent.run(.bytesThenClose(helloBytes)) { agent in
            await #expect(throws: LinkError.cut) {
                try await AgentLink.open(to: agent.endpoint) { link, messages in
                    while try await messages.next() != nil {}
                    for _ in 0..<1000 {
                        try await link.send(.alive)
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
            }
        }
    }
}
