import DeviceLink
import Testing
import WireProtocol

struct WaitingTests {
    @Test func `pauses grow to the longest`() {
        var pauses = Backoff(first: .seconds(1), longest: .seconds(5))
        #expect((0..<5).map { _ in pauses.next() } == [1, 2, 4, 5, 5].map { .seconds($0) })
    }

    @Test(arguments: [
        LinkError.cut, .silent, .nobodyThere, .ended, .cannotConnect(Endpoint(host: "a", port: 1), reason: "refused"),
        .refused(AgentError(.busy, "")), .refused(AgentError(.cannotTrace, "")),
    ])
    func `an agent that is gone may come back`(error: LinkError) { #expect(error.maySoonBeOver) }

    @Test(arguments: [LinkError.refused(AgentError(.badToken, "")), .wrongVersion(1), .restarted, .violation(.truncated)])
    func `what is wrong stays wrong`(error: LinkError) { #expect(!error.maySoonBeOver) }

    @Test func `a device may be attached again, and adb does not install itself`() {
        #expect(DeviceError.notAttached("x", attached: []).maySoonBeOver && !DeviceError.noADB("adb").maySoonBeOver)
    }
}
