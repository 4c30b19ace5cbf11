import DeviceLink
import FaultModel
import Foundation
import Testing
import WireProtocol

/// Who may have an agent, and what keeps others from it.
@Suite(.serialized) struct AccessTests {
    private static let token = HostMessage.open(Open(token: "the right one"))
    private static let guess = HostMessage.open(Open(token: "the wrong one"))

    private func isHello(_ message: AgentMessage?) -> Bool {
        if case .hello? = message { true } else { false }
    }

    @Test func `wrong tokens wait longer and longer, and the right one does not`() async throws {
        try await Agent.serving { address in
            let clock = ContinuousClock()
            let strangers = try (0..<3).map { _ in try Stranger(address) }
            let began = clock.now
            for stranger in strangers { stranger.send(Self.guess) }
            try await Task.sleep(for: .milliseconds(100))
            let controller = try Stranger(address)
            controller.send(Self.token)
            #expect(isHello(try controller.answer()))
            #expect(clock.now - began < .milliseconds(240), "nobody waits for strangers")
        }
        try await Agent.serving { address in
            let clock = ContinuousClock()
            for limit in [240, 490, 990] {
                let began = clock.now
                let stranger = try Stranger(address)
                stranger.send(Self.guess)
                #expect(try stranger.refusal()?.code == .badToken)
                #expect(clock.now - began >= .milliseconds(limit))
            }
        }
    }

    @Test func `five wrong tokens end the agent`() async throws {
        try await Agent.serving { address in
            let strangers = try (0..<5).map { _ in try Stranger(address) }
            for stranger in strangers { stranger.send(Self.guess) }
            for stranger in strangers { #expect(try stranger.refusal()?.code == .badToken) }
            try await Task.sleep(for: .seconds(1))
            #expect(throws: POSIXError.self) { try Stranger(address) }
        }
    }

    @Test func `who says nothing keeps nobody out, and is sent away`() async throws {
        try await Agent.serving { address in
            let strangers = try (0..<20).map { _ in try Stranger(address) }
            for stranger in strangers { stranger.send([1, 0]) }
            try await Task.sleep(for: .milliseconds(100))
            #expect(try strangers[0].refusal(within: 1)?.code == .busy, "the oldest has made room")
            let controller = try Stranger(address)
            controller.send(Self.token)
            #expect(isHello(try controller.answer()))
            #expect(try strangers[19].refusal(within: 1)?.code == .busy)
        }
    }

    @Test func `who drips has five seconds`() async throws {
        try await Agent.serving { address in
            let clock = ContinuousClock()
            let began = clock.now
            let stranger = try Stranger(address)
            for byte in Self.token.encoded().prefix(12) {
                stranger.send([byte])
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(try stranger.refusal()?.code == .timedOut)
            #expect(clock.now - began < .seconds(7))
        }
    }

    @Test(arguments: [
        [UInt8](repeating: 0xff, count: 64), Array("GET / HTTP/1.1\r\n\r\n".utf8), [0, 4, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0x70, 0, 0, 0],
    ])
    func `what is no greeting is refused at once, and is no guess`(bytes: [UInt8]) async throws {
        try await Agent.serving { address in
            for _ in 0..<7 {
                let stranger = try Stranger(address)
                stranger.send(bytes)
                #expect(try stranger.refusal(within: 2)?.code == .protocolViolation)
            }
            let controller = try Stranger(address)
            controller.send(Self.token)
            #expect(isHello(try controller.answer()))
        }
    }

    @Test func `an agent that strangers keep busy ends all the same`() async throws {
        try await Agent.serving { address in
            let clock = ContinuousClock()
            let began = clock.now
            var strangers: [Stranger] = []
            while clock.now - began < .seconds(70), let stranger = try? Stranger(address) {
                strangers = strangers.suffix(4) + [stranger]
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(clock.now - began > .seconds(55) && clock.now - began < .seconds(65))
        }
    }

    @Test func `an address that others reach is warned of`() async throws {
        for (address, isWarned) in [("0.0.0.0:0", true), ("[::]:0", true), ("127.0.0.1:0", false), ("[::1]:0", false)] {
            let output = try await Tool.run(
                "/usr/bin/timeout", ["1", Agent.path, "serve", "--listen", address])
            #expect(output.text.contains("listening"))
            #expect(output.errors.contains("everybody who reaches this address") == isWarned, "\(address)")
        }
    }
}
