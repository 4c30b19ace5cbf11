import Testing

@testable import AgentCore

struct AdmissionTests {
    @Test func `each wrong token waits twice as long as the one before`() {
        var admission = Admission()
        let delays = (0..<Admission.limit).map { _ in admission.refuse() }
        #expect(delays == [250, 500, 1000, 2000, 4000].map { $0 * 1_000_000 })
    }

    @Test func `five wrong tokens are enough`() {
        var admission = Admission()
        for _ in 0..<4 {
            _ = admission.refuse()
            #expect(!admission.isOver)
        }
        _ = admission.refuse()
        #expect(admission.isOver && admission.refusals == 5)
    }

    @Test func `a delay stays finite`() {
        var admission = Admission()
        for _ in 0..<1000 { #expect(admission.refuse() <= 4_000_000_000) }
    }
}
