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
        var names = TraceNames()
        finder.explain(&faults, &names)
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

    // MARK: Places

    private func place(_ timeNs: UInt64, _ range: Range<UInt64>, _ kind: MappingKind, _ name: String, offset: UInt64 = 0) -> AgentMessage {
        let mapping = MemoryMapping(start: range.lowerBound, end: range.upperBound, offset: offset, kind: kind, name: name)
        return .mapped(Mapped(timeNs: timeNs, pid: 100, mapping: mapping))
    }

    /// Where the addresses are at a time: `libc.so.6+0x1000 so`.
    private func places(_ finder: inout CauseFinder, _ timeNs: UInt64, _ addresses: UInt64...) -> [String] {
        var names = TraceNames()
        var faults = addresses.map { fault(timeNs, traits: Self.minorWrite, address: $0, ip: $0) }
        finder.explain(&faults, &names)
        #expect(faults.allSatisfy { $0.place == $0.code || $0.code == .unknown })
        return faults.map { (names.mapping($0.place) ?? "?") + "+0x" + String($0.place.offset, radix: 16) + " " + $0.place.region.name }
    }

    @Test func `an address and an instruction have their place in the file`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(.executed(Executed(timeNs: 5, pid: 100, name: "cat")))
        finder.note(place(10, 0x1000..<0x3000, .filePrivate, "/bin/cat", offset: 0x4000))
        finder.note(place(10, 0x3000..<0x4000, .anonymous, ""))
        finder.note(place(10, 0x5000..<0x7000, .filePrivate, "/lib/libc.so.6", offset: 0x9000))
        finder.note(place(10, 0x7000..<0x8000, .anonymous, ""))
        finder.note(place(10, 0x9000..<0xa000, .anonymous, ""))
        finder.note(place(10, 0x10_0000..<0x40_0000, .filePrivate, "/x/base.apk"))
        for timeNs: UInt64 in [20, 21] {
            #expect(places(&finder, timeNs, 0x1010, 0x2fff, 0x3010, 0x6010, 0x7010, 0x9010, 0x32_3456, 0xffff_ffff_8100_0000, 0xb000) == [
                "/bin/cat+0x4010 exe", "/bin/cat+0x5fff exe", "[anon]+0x10 exe", "/lib/libc.so.6+0xa010 so", "[anon]+0x10 so",
                "[anon]+0x10 anonymous", "/x/base.apk+0x223456 apk", "[kernel]+0xffffffff81000000 kernel", "?+0x0 unknown",
            ])
        }
    }

    @Test func `two files of one name are one place for data and two for code`() {
        var (finder, names) = (CauseFinder(KernelVersion(6, 12)), TraceNames())
        for pid: UInt32 in [100, 200] {
            let mapping = MemoryMapping(
                start: 0x1000, end: 0x3000, kind: .filePrivate, name: "/lib/libc.so", file: FileIdentity(device: 8 << 32, inode: UInt64(pid)))
            finder.note(.mapped(Mapped(timeNs: 10, pid: pid, mapping: mapping)))
        }
        var faults = [100, 200].map { fault(20, pid: $0, traits: Self.minorWrite, address: 0x1010, ip: 0x1020) }
        finder.explain(&faults, &names)
        #expect(faults[0].place == faults[1].place && faults[0].code != faults[1].code)
        #expect(faults.map { names.mapping($0.code) } == ["/lib/libc.so", "/lib/libc.so"])
        names.wantSymbols(of: faults)
        #expect(Set(names.takeSymbolQuestions().map { [UInt64($0.pid), $0.identity.inode] }) == [[100, 100], [200, 200]])
    }

    @Test func `a mapping that is replaced at the same address is told apart by time`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(place(10, 0x1000..<0x3000, .filePrivate, "/a"))
        finder.note(place(20, 0x1000..<0x3000, .filePrivate, "/b", offset: 0x1000))
        #expect(places(&finder, 15, 0x1000) == ["/a+0x0 file"])
        #expect(places(&finder, 20, 0x1000) == ["/b+0x1000 file"])
    }

    @Test func `memory gets its names from a look, also where one mapping has several`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(place(10, 0x1000..<0x5000, .anonymous, ""))
        let named = [(0x1000, 0x2000, "[anon:scudo:primary]"), (0x2000, 0x4000, "[anon:dalvik-main space]"), (0x4000, 0x5000, "")].map {
            MemoryMapping(start: $0.0, end: $0.1, kind: .anonymous, name: $0.2)
        } as [MemoryMapping]
        finder.note(.mappings(Mappings(timeNs: 20, pid: 100, list: named)))
        let expected = ["[anon:scudo:primary]+0x0 heap", "[anon:dalvik-main space]+0x1000 dalvik", "[anon]+0x3000 anonymous"]
        #expect(places(&finder, 12, 0x1000, 0x2000, 0x4000) == expected)
        // A change of protection has no name along.
        finder.note(place(30, 0x2000..<0x3000, .anonymous, ""))
        #expect(places(&finder, 31, 0x2000) == ["[anon:dalvik-main space]+0x1000 dalvik"])
    }

    @Test func `below the stack is the stack`() {
        var finder = CauseFinder(KernelVersion(6, 12))
        finder.note(place(10, 0x7ff0_0000..<0x7ff1_0000, .stack, "[stack]"))
        #expect(places(&finder, 11, 0x7fef_f123) == ["[stack]+0x123 stack"])
    }
}
