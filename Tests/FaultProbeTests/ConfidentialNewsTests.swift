import FaultModel
import Testing

@testable import FaultProbe

/// Nothing is told of a process but what an event of it came after.
struct ConfidentialNewsTests {
    private var news = ConfidentialNews()
    /// Processes that have occurred.
    private var known: Set<UInt32> = [10]

    private mutating func add(_ pid: UInt32, _ timeNs: UInt64, _ what: MemoryRecord.What) {
        news.add(MemoryRecord(pid: pid, timeNs: timeNs, what: what)) { [known] in known.contains($0) }
    }

    /// What goes out: process and time.
    private mutating func released() -> [[UInt64]] {
        var out: [[UInt64]] = []
        news.release { out.append([UInt64($0.pid), $0.timeNs]) }
        return out
    }

    private mutating func buried() -> [[UInt64]] {
        var out: [[UInt64]] = []
        news.bury { out.append([UInt64($0.pid), $0.timeNs]) }
        return out
    }

    private func mapping(_ start: UInt64) -> MemoryRecord.What {
        .mapped(MemoryMapping(start: start, end: start + 1, offset: 0, kind: .anonymous, isWritable: true, name: ""))
    }

    @Test mutating func `news wait for a later event of their process`() {
        news.met(10, atNs: 100)
        add(10, 90, mapping(1))
        add(10, 110, mapping(2))
        #expect(released() == [[10, 90]])
        news.met(11, atNs: 500)
        #expect(released() == [])
        news.met(10, atNs: 110)
        #expect(released() == [[10, 110]])
        #expect(released() == [])
    }

    @Test mutating func `an earlier event after a later one takes nothing back`() {
        news.met(10, atNs: 100)
        news.met(11, atNs: 1)
        news.met(10, atNs: 50)
        add(10, 100, mapping(1))
        #expect(released() == [[10, 100]])
    }

    @Test mutating func `a child is told of when it occurs, and then from its birth on`() {
        news.met(10, atNs: 100)
        add(20, 50, .forked(parent: 10))
        #expect(news.isChild(20))
        add(20, 60, mapping(1))
        add(20, 70, .executed(name: "tool"))
        #expect(released() == [])
        known.insert(20)
        #expect(news.adopt(20) && !news.adopt(20) && !news.isChild(20))
        news.met(20, atNs: 65)
        #expect(released() == [[20, 50], [20, 60]])
        news.met(20, atNs: 80)
        #expect(released() == [[20, 70]])
    }

    @Test mutating func `a child that never occurs leaves nothing`() {
        news.met(10, atNs: 100)
        add(20, 50, .forked(parent: 10))
        add(20, 70, .executed(name: "secret"))
        add(20, 80, .exited)
        for _ in 0..<3 { #expect(released() == [] && buried() == []) }
        #expect(!news.isChild(20))
        known.insert(20)
        news.met(20, atNs: 1000)
        #expect(released() == [], "it is somebody else now")
    }

    @Test mutating func `the children of one that has not occurred are nobody's`() {
        add(30, 50, .forked(parent: 20))
        #expect(!news.isChild(30))
        known.insert(30)
        news.met(30, atNs: 60)
        #expect(released() == [])
    }

    @Test mutating func `an end is told a drain later, at the time of the newest event`() {
        news.met(10, atNs: 100)
        add(10, 200, .executed(name: "secret"))
        add(10, 900, .exited)
        #expect(released() == [] && buried() == [])
        news.met(10, atNs: 150)
        #expect(released() == [] && buried() == [[10, 150]])
        #expect(buried() == [])
    }
}

struct ExclusionTests {
    private func excludes(_ pid: UInt32, _ change: (inout FaultFilter) -> Void) -> Bool? {
        var filter = FaultFilter()
        change(&filter)
        let facts = ThreadFacts(
            name: { $0 == 7 ? (UInt64(ascii: "sshd"), 0) : $0 == 9 ? (UInt64(ascii: "app"), 0) : nil },
            user: { $0 == 7 ? 0 : $0 == 9 ? 10_123 : nil })
        return Exclusion(filter, facts: facts)?.excludes(pid)
    }

    @Test func `whoever is excluded by id, user or name`() {
        #expect(excludes(7) { $0.excludedPids = [7] } == true)
        #expect(excludes(9) { $0.excludedPids = [7] } == false)
        #expect(excludes(7) { $0.excludedUids = [0] } == true)
        #expect(excludes(9) { $0.excludedUids = [0] } == false)
        #expect(excludes(7) { $0.excludedComms = ["ss*"] } == true)
        #expect(excludes(9) { $0.excludedComms = ["ss*"] } == false)
    }

    @Test func `whoever has gone`() { #expect(excludes(8) { $0.excludedPids = [7] } == true) }

    @Test func `what is merely not wanted is not excluded`() {
        #expect(excludes(9) { ($0.uids, $0.pids, $0.comms, $0.excludedPids) = ([0], [7], ["x"], [5]) } == false)
    }

    @Test func `nobody, where the filter excludes nobody`() { #expect(excludes(7) { $0.uids = [1] } == nil) }

    @Test func `everybody, where the patterns are too long to be asked`() {
        #expect(excludes(9) { $0.excludedComms = [String(repeating: "x", count: 99)] } == true)
    }
}

extension UInt64 {
    /// A short name as the kernel's first eight bytes have it.
    fileprivate init(ascii text: String) { self = text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
