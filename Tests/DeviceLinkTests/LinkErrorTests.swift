import DeviceLink
import Testing
import WireProtocol

struct LinkErrorTests {
    private static let refusal = AgentError(.busy, "the agent serves another controller; end that one first")

    private static let all: [LinkError] = [
        .noAgentBinary(arch: "aarch64"), .cannotRun("/x/faultline-agent", reason: "no such file"), .agentEndedEarly,
        .cannotConnect(Endpoint(host: "::1", port: 5), reason: "Connection refused"), .nobodyThere, .silent,
        .refused(refusal), .violation(.truncated), .violation(.payloadTooLong(.max)), .violation(.trailingBytes),
        .violation(.badMagic), .violation(.otherVersion(3)), .violation(.badValue("mode")), .wrongVersion(2),
        .unexpected("a second hello"), .cut, .ended, .restarted, .incomplete,
    ]

    /// The cases above are all that there are: one more does not compile here.
    private static func name(_ error: LinkError) -> String {
        switch error {
        case .noAgentBinary: "noAgentBinary"
        case .cannotRun: "cannotRun"
        case .agentEndedEarly: "agentEndedEarly"
        case .cannotConnect: "cannotConnect"
        case .nobodyThere: "nobodyThere"
        case .silent: "silent"
        case .refused: "refused"
        case .violation: "violation"
        case .wrongVersion: "wrongVersion"
        case .unexpected: "unexpected"
        case .cut: "cut"
        case .ended: "ended"
        case .restarted: "restarted"
        case .incomplete: "incomplete"
        }
    }

    @Test func `the list of errors is whole`() { #expect(Set(Self.all.map(Self.name)).count == 14) }

    @Test(arguments: all)
    func `an error is one sentence that says what happened and what to do`(error: LinkError) {
        let text = error.description
        #expect(text.split(separator: "; ").count == 2, "\(text)")
        #expect(!text.hasSuffix(".") && !text.contains("\n") && !text.contains("Optional"), "\(text)")
        #expect(text.first?.isLowercase == true, "\(text)")
    }

    @Test func `an error names what it is about`() {
        #expect(LinkError.cannotConnect(Endpoint(host: "::1", port: 5), reason: "why").description.contains("[::1]:5: why"))
        #expect(LinkError.wrongVersion(77).description.contains("77"))
        #expect(LinkError.refused(Self.refusal).description.hasSuffix(Self.refusal.text))
        #expect(LinkError.violation(.payloadTooLong(.max)).description.contains("4294967295"))
        #expect(LinkError.violation(.badValue("mode")).description.contains("impossible mode"))
    }
}
