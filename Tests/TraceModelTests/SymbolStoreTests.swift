import FaultModel
import Testing
import WireProtocol

@testable import TraceModel

struct SymbolStoreTests {
    private let names = ["", "/lib/one.so", "/lib/two.so", "[heap]", "[kernel]", "/lib/one.so"]
    private let twin = FileIdentity(device: 8 << 32 | 1, inode: 7)

    private func place(_ name: UInt32, _ offset: UInt64) -> MemoryPlace { MemoryPlace(name: name, region: .unknown, offset: offset) }

    private func questions(_ store: inout SymbolStore) -> [Symbolise] { store.takeQuestions { MappedFile(name: names[Int($0)], identity: $0 == 5 ? twin : .unknown) } }

    private func answer(_ question: Symbolise, _ symbols: [(UInt64, UInt64, String)], problem: String = "") -> Symbols {
        Symbols(
            pid: question.pid, file: question.file, identity: question.identity, problem: problem,
            list: symbols.map { Symbols.Symbol(start: $0.0, end: $0.1, name: $0.2) })
    }

    // MARK: Questions

    @Test func `what is wanted is asked once, by file, with the process that has it`() {
        var store = SymbolStore()
        for _ in 0..<3 { store.want(place(1, 0x10), of: 7) }
        store.want(place(1, 0x20), of: 8)
        store.want(place(2, 0x10), of: 9)
        let asked = questions(&store).sorted { $0.file < $1.file }
        #expect(asked == [
            Symbolise(pid: 8, file: "/lib/one.so", offsets: [0x10, 0x20]), Symbolise(pid: 9, file: "/lib/two.so", offsets: [0x10]),
        ])
        store.want(place(1, 0x10), of: 7)
        #expect(questions(&store).isEmpty)
        #expect(store.asked == 2)
    }

    @Test func `files of one name are asked apart and have functions of their own`() throws {
        var store = SymbolStore()
        store.want(place(1, 0x10), of: 7)
        store.want(place(5, 0x10), of: 8)
        let asked = questions(&store)
        #expect(asked.map(\.file) == ["/lib/one.so", "/lib/one.so"] && Set(asked.map(\.identity)) == [twin, .unknown])
        for question in asked { store.note(answer(question, [(0x10, 0x20, question.identity == twin ? "new" : "old")])) }
        #expect(store.find(place(1, 0x11))?.name == "old" && store.find(place(5, 0x11))?.name == "new")
    }

    @Test func `what is nowhere, and what is no file, is not asked for`() {
        var store = SymbolStore()
        store.want(.unknown, of: 7)
        store.want(place(3, 5), of: 7)
        #expect(questions(&store).isEmpty)
        #expect(store.nameless { names[Int($0)] }.isEmpty)
        store.want(place(4, .max - 9), of: 7)
        #expect(questions(&store) == [Symbolise(pid: 7, file: "[kernel]", offsets: [.max - 9])])
    }

    @Test func `many places are asked for in pieces, and no more at a time than the agent takes`() {
        var store = SymbolStore()
        for offset in 0..<UInt64(40 * 256) { store.want(place(1, offset << 4), of: 7) }
        let first = questions(&store)
        #expect(first.count == 32)
        #expect(first.allSatisfy { $0.offsets.count == 256 })
        #expect(questions(&store).isEmpty)
        for question in first { store.note(answer(question, question.offsets.map { ($0, $0 + 1, "f") })) }
        #expect(questions(&store).count == 8)
        #expect(store.asked == 40)
        #expect(store.answered == 32)
    }

    // MARK: Answers

    @Test func `an answer stands for the whole function`() {
        var store = SymbolStore()
        store.want(place(1, 0x15), of: 7)
        let question = questions(&store)[0]
        #expect(store.find(place(1, 0x15)) == nil)
        store.note(answer(question, [(0x10, 0x20, "_ZN4shop5Queue4takeEi")]))
        #expect(store.find(place(1, 0x15)) == SymbolStore.Found(name: "shop::Queue::take(int)", offset: 5))
        #expect(store.find(place(1, 0x10))?.offset == 0)
        #expect(store.find(place(1, 0x1f))?.offset == 15)
        #expect(store.find(place(1, 0x20)) == nil)
        #expect(store.find(place(1, 0xf)) == nil)
        #expect(store.find(place(2, 0x15)) == nil)
        store.want(place(1, 0x1a), of: 7)
        #expect(questions(&store).isEmpty)
    }

    @Test func `answers in any order of places are found`() {
        var store = SymbolStore()
        let offsets: [UInt64] = [0x95, 0x15, 0x55, 0x35, 0x75]
        for offset in offsets { store.want(place(1, offset), of: 7) }
        let question = questions(&store)[0]
        store.note(answer(question, question.offsets.map { ($0 - 5, $0 + 11, "at\($0 - 5)") }))
        for offset in offsets { #expect(store.find(place(1, offset + 10)) == SymbolStore.Found(name: "at\(offset - 5)", offset: 15)) }
    }

    @Test func `a file without names is asked about once, and its places are counted`() {
        var store = SymbolStore()
        store.want(place(1, 0x10), of: 7)
        store.want(place(1, 0x20), of: 7)
        store.note(answer(questions(&store)[0], [], problem: "it is stripped"))
        for _ in 0..<2 { store.want(place(1, 0x30), of: 7) }
        #expect(questions(&store).isEmpty)
        #expect(store.nameless { names[Int($0)] } == [NamelessFile(name: "/lib/one.so", places: 3, problem: "it is stripped")])
    }

    @Test func `a place between functions is counted once, with its neighbours`() {
        var store = SymbolStore()
        store.want(place(1, 0x10), of: 7)
        store.note(answer(questions(&store)[0], [(0, 0x20, "")]))
        store.want(place(1, 0x11), of: 7)
        #expect(questions(&store).isEmpty)
        #expect(store.find(place(1, 0x10)) == nil)
        #expect(store.nameless { names[Int($0)] } == [NamelessFile(name: "/lib/one.so", places: 1, problem: nil)])
    }

    @Test func `answers that nobody asked for, and impossible ones, change nothing`() {
        var store = SymbolStore()
        store.note(Symbols(pid: 7, file: "/lib/one.so", list: [Symbols.Symbol(start: 0, end: 9, name: "f")]))
        store.want(place(1, 0x10), of: 7)
        let question = questions(&store)[0]
        store.note(Symbols(pid: 8, file: "/lib/one.so", list: [Symbols.Symbol(start: 0, end: 99, name: "f")]))
        #expect(store.answered == 0)
        store.note(answer(question, [(0x50, 0x60, "elsewhere")]))
        #expect(store.answered == 1)
        #expect(store.find(place(1, 0x10)) == nil)
        #expect(store.find(place(1, 0x50)) == nil)
    }

    @Test func `ranges that overlap keep what was there first`() {
        var store = SymbolStore()
        store.want(place(1, 0x10), of: 7)
        store.want(place(1, 0x28), of: 7)
        let question = questions(&store)[0]
        store.note(answer(question, question.offsets.map { $0 == 0x10 ? (0x8, 0x20, "first") : (0x18, 0x30, "second") }))
        #expect(store.find(place(1, 0x1f))?.name == "first")
        #expect(store.find(place(1, 0x28)) == SymbolStore.Found(name: "second", offset: 8))
    }
}
