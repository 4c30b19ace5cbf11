import FaultModel
import Testing
import TraceModel
import WireProtocol

struct AddressSpacesTests {
    private func mapping(
        _ pages: Range<UInt64>, _ kind: MappingKind = .anonymous, _ name: String = "", offset: UInt64 = 0
    ) -> MemoryMapping {
        MemoryMapping(start: pages.lowerBound << 12, end: pages.upperBound << 12, offset: offset, kind: kind, name: name)
    }

    private func mapped(_ timeNs: UInt64, _ mapping: MemoryMapping, pid: UInt32 = 1) -> AgentMessage {
        .mapped(Mapped(timeNs: timeNs, pid: pid, mapping: mapping))
    }

    private func snapshot(_ timeNs: UInt64, _ list: [MemoryMapping], pid: UInt32 = 1) -> AgentMessage {
        .mappings(Mappings(timeNs: timeNs, pid: pid, list: list))
    }

    private func spaces(_ messages: AgentMessage...) -> AddressSpaces {
        var spaces = AddressSpaces()
        for message in messages { spaces.note(message) }
        spaces.settle()
        return spaces
    }

    /// Each page's mapping as one letter or sign: the first of its name, `s` for the stack, `v` below it, `.` for nothing.
    private func picture(_ spaces: AddressSpaces, _ pages: Range<UInt64>, pid: UInt32 = 1, atNs timeNs: UInt64 = 100) -> String {
        String(pages.map { page -> Character in
            switch spaces.find(page << 12, of: pid, atNs: timeNs) {
            case .mapping(let found): found.kind == .stack ? "s" : found.name.first ?? "_"
            case .belowStack: "v"
            case .nothing: "."
            case .unknown: "?"
            }
        })
    }

    @Test func `of several programs in a row each has its own mappings`() {
        let spaces = spaces(
            mapped(1, mapping(1..<3, .filePrivate, "A")), .executed(Executed(timeNs: 10, pid: 1, name: "b")),
            mapped(11, mapping(1..<4, .filePrivate, "B")), .executed(Executed(timeNs: 20, pid: 1, name: "c")),
            mapped(21, mapping(2..<5, .filePrivate, "C")))
        #expect([5, 15, 25].map { picture(spaces, 1..<5, atNs: $0) } == ["AA..", "BBB.", ".CCC"])
    }

    // MARK: Cutting

    @Test(arguments: [
        (10..<12, "..XX__...."), (8..<10, "XX.___...."), (10..<16, "..XXXXXX.."), (12..<14, "..._XX...."), (11..<14, "...XXX...."),
        (11..<12, "...X__...."), (13..<14, "...__X...."), (12..<13, "..._X_...."), (14..<18, "...___XXXX"), (8..<18, "XXXXXXXXXX"),
    ] as [(Range<UInt64>, String)])
    func `a new mapping cuts what it overlaps`(pages: Range<UInt64>, expected: String) {
        let spaces = spaces(mapped(1, mapping(11..<14)), mapped(2, mapping(pages, .filePrivate, "X")))
        #expect(picture(spaces, 8..<18, atNs: 1) == "...___....")
        #expect(picture(spaces, 8..<18) == expected)
    }

    @Test func `what is left of a file keeps its offsets`() {
        let spaces = spaces(
            mapped(1, mapping(10..<20, .filePrivate, "F", offset: 0x5000)), mapped(2, mapping(14..<15, .anonymous, "X")))
        guard case .mapping(let left) = spaces.find(13 << 12, of: 1, atNs: 3),
            case .mapping(let right) = spaces.find(15 << 12, of: 1, atNs: 3)
        else { Issue.record("lost"); return }
        #expect(left.range == 10 << 12..<14 << 12 && left.offset == 0x5000)
        #expect(right.range == 15 << 12..<20 << 12 && right.offset == 0xa000)
    }

    @Test func `many mappings stay in order`() {
        var spaces = AddressSpaces()
        let places = (0..<500).map { UInt64($0 * 7919 % 500) }
        for place in places { spaces.note(mapped(1, mapping(place * 2..<place * 2 + 1, .filePrivate, "F"))) }
        spaces.settle()
        #expect(picture(spaces, 0..<1000, atNs: 1) == String(repeating: "F.", count: 500))
    }

    // MARK: Times

    @Test func `a fault finds what stood there at its time`() {
        let spaces = spaces(
            mapped(10, mapping(1..<2, .filePrivate, "A")), mapped(20, mapping(1..<2, .filePrivate, "B")),
            mapped(30, mapping(1..<2, .filePrivate, "C")))
        #expect([5, 10, 19, 20, 29, 30, 99].map { picture(spaces, 1..<2, atNs: $0) } == [".", "A", "A", "B", "B", "C", "C"])
    }

    @Test func `news may come in any order`() {
        let spaces = spaces(
            mapped(30, mapping(1..<2, .filePrivate, "C")), mapped(10, mapping(1..<3, .filePrivate, "A")))
        #expect(picture(spaces, 1..<3) == "CA")
    }

    @Test func `memory that merely grows has been there since its beginning`() {
        let spaces = spaces(mapped(10, mapping(1..<4)), mapped(20, mapping(1..<8)))
        #expect(picture(spaces, 1..<4, atNs: 15) == "___")
    }

    // MARK: Snapshots

    @Test func `what is found has always been there, but for what is newer`() {
        let spaces = spaces(mapped(10, mapping(2..<3, .filePrivate, "N")), snapshot(5, [mapping(1..<5, .filePrivate, "O")]))
        #expect(picture(spaces, 1..<5, atNs: 1) == "OOOO")
        #expect(picture(spaces, 1..<5, atNs: 10) == "ONOO")
    }

    @Test func `a later look mends what has gone wrong in between`() {
        let spaces = spaces(
            mapped(10, mapping(1..<3, .filePrivate, "A")), snapshot(50, [mapping(1..<2, .filePrivate, "A"), mapping(2..<4, .filePrivate, "B")]))
        #expect(picture(spaces, 1..<4, atNs: 49) == "AA.")
        #expect(picture(spaces, 1..<4, atNs: 50) == "ABB")
    }

    @Test func `memory gets its name from a look`() {
        let spaces = spaces(mapped(10, mapping(1..<3)), snapshot(50, [mapping(1..<3, .anonymous, "[anon:x]")]))
        #expect(picture(spaces, 1..<3, atNs: 11) == "[[")
    }

    // MARK: Processes

    @Test func `a child has its parent's mappings until it changes them`() {
        let spaces = spaces(
            mapped(1, mapping(1..<4)), .forked(Forked(timeNs: 10, pid: 2, parent: 1)),
            mapped(20, mapping(2..<3, .filePrivate, "C"), pid: 2), mapped(30, mapping(1..<2, .filePrivate, "P")))
        #expect(picture(spaces, 1..<4, pid: 2) == "_C_")
        #expect(picture(spaces, 1..<4, pid: 1) == "P__")
    }

    @Test func `another program begins with nothing, and the old one's last faults still find theirs`() {
        let spaces = spaces(
            mapped(1, mapping(1..<4, .filePrivate, "O")), .executed(Executed(timeNs: 10, pid: 1, name: "ls")),
            mapped(11, mapping(2..<3, .filePrivate, "N")))
        #expect(picture(spaces, 1..<4, atNs: 9) == "OOO")
        #expect(picture(spaces, 1..<4, atNs: 11) == ".N.")
    }

    @Test func `a process is forgotten some time after its end, unless its number is another's by then`() {
        var spaces = spaces(mapped(1, mapping(1..<2)), mapped(1, mapping(1..<2), pid: 2))
        for pid: UInt32 in [1, 2] { spaces.note(.exited(Exited(timeNs: 10, pid: pid))) }
        spaces.note(.forked(Forked(timeNs: 20, pid: 2, parent: 7)))
        spaces.note(.round(Round(completeUntilNs: 5_000_000_010)))
        spaces.note(mapped(5_000_000_000, mapping(5..<6), pid: 3))
        spaces.settle()
        #expect(picture(spaces, 1..<2) == "_")
        spaces.note(.round(Round(completeUntilNs: 5_000_000_011)))
        spaces.note(mapped(5_000_000_011, mapping(5..<6), pid: 3))
        spaces.settle()
        #expect(picture(spaces, 1..<2) == "?")
        #expect(picture(spaces, 1..<2, pid: 2) == ".")
        #expect(spaces.processCount == 2)
    }

    // MARK: The stack

    @Test func `right below the stack it grows`() {
        let spaces = spaces(mapped(1, mapping(5000..<5002, .stack, "[stack]")), mapped(50, mapping(4999..<5002, .stack, "[stack]")))
        #expect(picture(spaces, 4998..<5002, atNs: 49) == "vvss")
        #expect(picture(spaces, 4998..<5002, atNs: 50) == "vsss")
        #expect(picture(spaces, 1..<2) == ".")
    }

    // MARK: Asking

    @Test func `a process is asked for less and less often, and one that nobody told of never`() {
        var spaces = spaces(mapped(1, mapping(1..<2)))
        let second: UInt64 = 1_000_000_000
        let answers = (0..<600).filter { spaces.shouldLook(at: 1, atNs: second + UInt64($0) * (second / 50)) }
        #expect(answers == [0, 3, 8, 18, 38, 78, 158, 318, 478])
        let unknown = spaces.shouldLook(at: 9, atNs: 5 * second)
        #expect(!unknown)
    }

    @Test func `the life before an exec is not asked for, and the one after it at once`() {
        var spaces = spaces(mapped(1, mapping(1..<2)))
        let before = spaces.shouldLook(at: 1, atNs: 10)
        spaces.note(.executed(Executed(timeNs: 20, pid: 1, name: "")))
        spaces.settle()
        let answers = [19, 20, 21].map { spaces.shouldLook(at: 1, atNs: $0) }
        #expect(before && answers == [false, true, false])
    }
}
