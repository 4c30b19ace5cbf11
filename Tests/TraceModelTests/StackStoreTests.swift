import FaultModel
import Testing
import TraceFixtures
import WireProtocol

@testable import TraceModel

struct StackStoreTests {
    private func mapped(_ timeNs: UInt64, _ start: UInt64, _ name: String, pid: UInt32 = 100) -> AgentMessage {
        .mapped(Mapped(
            timeNs: timeNs, pid: pid,
            mapping: MemoryMapping(start: start, end: start + 0x1000, offset: 0x5000, kind: .filePrivate, name: name)))
    }

    private func fault(_ timeNs: UInt64, _ user: UInt32, kernel: UInt32 = 0, pid: UInt32 = 100) -> PageFault {
        var fault = TraceFixtures.fault(timeNs, pid: pid)
        fault.stacks = FaultStacks(user: user, kernel: kernel)
        return fault
    }

    /// What frames are called: `mapping+offset`, or the address alone.
    private func frames(_ number: UInt32, _ names: TraceNames) -> [String]? {
        names.stacks.find(number)?.frames.map { frame in
            names.mapping(frame.place).map { $0 + "+" + String(frame.place.offset, radix: 16) } ?? String(frame.address, radix: 16)
        }
    }

    private func frames(_ faults: [PageFault], _ names: inout TraceNames, _ causes: inout CauseFinder) -> [[String]?] {
        var faults = faults
        causes.explain(&faults, &names)
        names.addStacks(to: &faults, causes)
        return faults.map { frames($0.stacks.user, names) }
    }

    @Test func `an address has its place in the process that the fault was in`() {
        var (names, causes) = (TraceNames(), CauseFinder(nil))
        for news in [mapped(1, 0x1000, "a.so"), mapped(1, 0x2000, "b.so"), mapped(1, 0x1000, "other", pid: 200)] { causes.note(news) }
        names.note(StackTrace(id: 9, frames: [0x1010, 0x2020, 0x3030]))
        let seen = frames([fault(5, 9), fault(5, 9, pid: 200), fault(6, 9), fault(5, 0), fault(5, .max), fault(5, 8)], &names, &causes)
        let first = ["a.so+5010", "b.so+5020", "3030"]
        #expect(seen == [first, ["other+5010", "2020", "3030"], first, nil, nil, nil])
    }

    @Test func `a number among a program's frames is no place in the kernel`() {
        var (names, causes) = (TraceNames(), CauseFinder(nil))
        let address: UInt64 = 0xfc89_4954_4155_4156
        names.note(StackTrace(id: 1, frames: [0x1010, address]))
        names.note(StackTrace(id: 2, isKernel: true, frames: [address]))
        var faults = [fault(5, 1, kernel: 2)]
        causes.explain(&faults, &names)
        names.addStacks(to: &faults, causes)
        #expect(frames(faults[0].stacks.user, names) == ["1010", "fc89495441554156"])
        #expect(frames(faults[0].stacks.kernel, names) == ["[kernel]+fc89495441554156"])
    }

    @Test func `what is mapped later does not change what came before`() {
        var (names, causes) = (TraceNames(), CauseFinder(nil))
        causes.note(mapped(1, 0x1000, "old"))
        names.note(StackTrace(id: 1, frames: [0x1010]))
        var faults = [fault(5, 1)]
        causes.explain(&faults, &names)
        names.addStacks(to: &faults, causes)
        causes.note(mapped(10, 0x1000, "new"))
        #expect(frames([fault(20, 1)], &names, &causes) == [["new+5010"]])
        #expect(frames(faults[0].stacks.user, names) == ["old+5010"])
    }

    @Test func `a number that is told again stands for other addresses from then on`() {
        var names = TraceNames()
        var faults = [fault(1, 3, kernel: 4)]
        names.note(StackTrace(id: 3, frames: [1, 2]))
        names.note(StackTrace(id: 4, isKernel: true, isTruncated: true, frames: [3]))
        names.addStacks(to: &faults, nil)
        names.note(StackTrace(id: 3, frames: [7]))
        var later = [fault(2, 3, pid: 200)]
        names.addStacks(to: &later, nil)
        #expect(frames(faults[0].stacks.user, names) == ["1", "2"])
        #expect(names.stacks.find(faults[0].stacks.kernel)?.isTruncated == true)
        #expect(frames(later[0].stacks.user, names) == ["7"])
    }

    @Test func `the oldest make room`() {
        var names = TraceNames()
        var first = [fault(1, 1)]
        names.note(StackTrace(id: 1, frames: [1]))
        names.addStacks(to: &first, nil)
        for number in 2...UInt32(40_000) {
            var faults = [fault(1, number)]
            names.note(StackTrace(id: number, frames: [UInt64(number)]))
            names.addStacks(to: &faults, nil)
            #expect(frames(faults[0].stacks.user, names) == [String(number, radix: 16)])
        }
        #expect(names.stacks.find(first[0].stacks.user) == nil)
    }

    @Test func `a function that never returns is found by the call and not by what stands behind it`() {
        let place = MemoryPlace(name: 1, offset: 0x40)
        #expect(StackStore.Frame(address: 0x1040, place: place, isReturn: true).code.offset == 0x3f)
        #expect(StackStore.Frame(address: 0x1040, place: place, isReturn: false).code.offset == 0x40)
    }
}
