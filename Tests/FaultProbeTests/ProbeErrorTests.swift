import Testing

@testable import FaultProbe

struct ProbeErrorTests {
    @Test func `it says what failed, with which error and why`() {
        #expect(
            ProbeError(.load, "perf_bpf", result: -1, detail: "too big").text
                == "loading perf_bpf failed with EPERM (1): too big")
        #expect(ProbeError(.attach, "x", result: -2).text == "attaching x failed with ENOENT (2)")
        #expect(ProbeError(.fillMap, "users").text == "filling the map users failed")
        #expect(ProbeError(.open, "x", result: 22).errno == 22)
    }

    @Test func `an error number without a name is told all the same`() {
        #expect(ProbeError(.attach, "x", result: -524).text.contains("524"))
    }
}
