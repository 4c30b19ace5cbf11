import Testing

@testable import TraceModel

struct HeldRoundsTests {
    private let start = ContinuousClock.now

    @Test func `a round that has nothing to wait for goes at once`() {
        var rounds = HeldRounds()
        #expect(rounds.takeDue(answered: 0, at: start) == nil)
        rounds.add(untilNs: 5, asked: 0, at: start)
        #expect(rounds.takeDue(answered: 0, at: start) == 5)
        #expect(rounds.takeDue(answered: 0, at: start) == nil)
    }

    @Test func `a round waits for the answers to what was asked before it, and for no others`() {
        var rounds = HeldRounds()
        rounds.add(untilNs: 5, asked: 2, at: start)
        rounds.add(untilNs: 6, asked: 3, at: start)
        rounds.add(untilNs: 7, asked: 9, at: start)
        #expect(rounds.takeDue(answered: 1, at: start) == nil)
        #expect(rounds.takeDue(answered: 3, at: start) == 6)
        #expect(rounds.takeDue(answered: 3, at: start) == nil)
        #expect(rounds.takeDue(answered: 9, at: start) == 7)
    }

    @Test func `no round waits longer than it may`() {
        var rounds = HeldRounds()
        rounds.add(untilNs: 5, asked: 2, at: start)
        rounds.add(untilNs: 6, asked: 3, at: start + .milliseconds(100))
        #expect(rounds.takeDue(answered: 0, at: start + .milliseconds(299)) == nil)
        #expect(rounds.takeDue(answered: 0, at: start + .milliseconds(300)) == 5)
        #expect(rounds.takeDue(answered: 0, at: start + .milliseconds(400)) == 6)
    }
}
