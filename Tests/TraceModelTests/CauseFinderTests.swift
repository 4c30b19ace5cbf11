import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct CauseFinderTests {
    private static let minorWrite: UInt8 = 0x01 | 0x02 << 2 | 0x01 << 4 | 0x01 << 6
    private static let minorReadPresent: UInt8 = 0x01 | 0x01 << 2 | 0x02 << 4 | 0x01 << 6
    private static let failedWrite: UInt8 = 0x01 | 0x02 << 2 | 0x01 << 4 | 0x03 << 6

    private func mapped(_ timeNs: UInt64, _ range: Range<UInt64>, _ kind: MappingKind, pid: UInt32 = 100) -> AgentMessage {
        .mapped(Mapped(
            timeNs: timeNs, pid: pid, mapping: MemoryMapping(start: range.lowerBound, end: range.upperBound, kind: kind)))
    }

    private func causes(_ finder: inout CauseFinder, _ faults: PageFault...) -> [FaultCause?] {
        var faults = faults
        finder.explain(&faults)
        return faults.map(\.cause)
    }

    private func write(_ timeNs: UInt64, _ address: UInt64, pid: UInt32 = 100) -> PageFault {
        fault(timeNs, pid: pid, traits: Self.minorWrite, address: address)
    }

    @Test func `each fault has the cause of its own process, address and time`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(mapped(10, 0x1000..<0x3000, .anonymous))
        finder.note(mapped(20, 0x2000..<0x3000, .filePrivate))
        finder.note(mapped(10, 0x1000..<0x3000, .sharedMemory, pid: 200))
        let causes = causes(
            &finder, write(15, 0x2000), write(20, 0x2000), write(15, 0x2fff), write(30, 0x1000), write(30, 0x3000),
            write(9, 0x1000), write(30, 0x1000, pid: 200), write(30, 0x1000, pid: 300))
        #expect(causes == [.zeroFill, .copyOnWrite, .zeroFill, .zeroFill, nil, nil, .sharedMemory, nil])
    }

    @Test func `what was found before does not outlive the news`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(mapped(10, 0x1000..<0x3000, .anonymous))
        #expect(causes(&finder, write(20, 0x1000), write(21, 0x1000)) == [.zeroFill, .zeroFill])
        finder.note(mapped(30, 0x1000..<0x2000, .filePrivate))
        #expect(causes(&finder, write(25, 0x1000), write(31, 0x1000)) == [.zeroFill, .copyOnWrite])
        finder.note(.executed(Executed(timeNs: 40, pid: 100, name: "")))
        #expect(causes(&finder, write(50, 0x1000), write(35, 0x1000)) == [nil, .copyOnWrite])
    }

    @Test func `where the access is not told, what could not have been a write was none`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        let unknown: UInt8 = 0x01 | 0x01 << 6
        func mapped(_ timeNs: UInt64, _ start: UInt64, isWritable: Bool) -> AgentMessage {
            let mapping = MemoryMapping(start: start, end: start + 0x1000, kind: .filePrivate, isWritable: isWritable)
            return .mapped(Mapped(timeNs: timeNs, pid: 100, mapping: mapping))
        }
        for news in [mapped(1, 0x1000, isWritable: true), mapped(20, 0x1000, isWritable: false)] { finder.note(news) }
        finder.note(mapped(1, 0x2000, isWritable: true))
        let causes = causes(
            &finder, fault(10, traits: unknown, address: 0x1000, ip: 0x9000), fault(20, traits: unknown, address: 0x1000, ip: 0x9000),
            fault(20, traits: unknown, address: 0x2000, ip: 0x9000), fault(20, traits: unknown, address: 0x2000, ip: 0x2000),
            fault(20, traits: unknown + 1, address: 0x2000, ip: 0x2000))
        #expect(causes == [nil, .file, nil, .file, nil])
    }

    @Test func `the kernel's addresses have no cause but a bad access`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        let failed = fault(1, traits: Self.failedWrite, address: 0xffff_8000_0000_0000)
        let present = fault(1, traits: Self.minorReadPresent, address: 0xffff_8000_0000_0000)
        #expect(causes(&finder, failed, present) == [.badAccess, nil])
    }

    @Test func `an address without a mapping is asked for, a bad one is not`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(mapped(10, 0x1000..<0x3000, .anonymous))
        let second: UInt64 = 1_000_000_000
        _ = causes(
            &finder, fault(second, traits: Self.failedWrite, address: 0x9000), write(second, 0x1000), write(second, 0x9000),
            write(second + 1, 0x9000), write(second, 0x9000, pid: 5))
        #expect(finder.takeUnexplained() == [100])
        #expect(finder.takeUnexplained() == [])
    }
}
