import FaultModel
import Testing
import TraceFixtures
import TraceModel

@testable import TraceReport

struct LaunchTests {
    @Test func `faults are told before the start, until it is drawn, and after`() throws {
        let report = try launchReport()
        let until = try #require(report.untilDisplayed)
        #expect(report.before.events == 1 && report.before.latencyNs == 1000)
        #expect(until.events == 4 && until.latencyNs == 12_001_000)
        #expect(report.after.events == 1 && report.after.latencyNs == 2000)
        #expect(report.faults.summary.events == 6 && report.faults.summary.cut == nil)
    }

    @Test func `faults are added up by cause, region and file`() throws {
        let faults = try launchReport().faults
        #expect(faults.byCause.groups.map(\.name) == ["file_read", "zero_fill", "file"])
        #expect(faults.byCause.groups.map(\.sum.events) == [3, 2, 1] && faults.byCause.groups[0].sum.latencyNs == 12_000_000)
        #expect(faults.byRegion.groups.map(\.name) == ["apk", "anonymous"] && faults.byRegion.groups.map(\.sum.events) == [4, 2])
        let file = try #require(faults.byCause.files.first)
        #expect(file.name == "/data/app/base.apk" && file.events == 4 && file.major == 3 && file.latencyNs == 12_001_000)
    }

    @Test func `a start that was not drawn has all faults after it`() throws {
        var launch = try launchReport().launch
        launch.displayedAfterNs = nil
        let report = LaunchReport(launch, try launchReport().faults)
        #expect(report.untilDisplayed == nil && report.before.events == 1 && report.after.events == 5)
    }

    @Test func `moments are told from the start on, also before it and however far`() {
        let launch = Launch(package: "a", activity: "b", startNs: 100)
        #expect(launch.sinceStart(150) == 50 && launch.sinceStart(40) == -60 && launch.sinceStart(.max) == .max)
        let report = Launch(package: "a", activity: "b", startNs: .max, displayedAfterNs: .max)
        #expect(report.sinceStart(0) == -Int64.max)
    }

    // MARK: Reads

    @Test func `reads near each other are one range of whole pages, in file order`() throws {
        let reads = try launchReport().faults.reads
        #expect(reads.map(\.name) == ["/data/app/base.apk"])
        let ranges = reads[0].ranges
        #expect(ranges.map(\.offset) == [0x4000, 0x44000] && ranges.map(\.end) == [0x6000, 0x45000])
        #expect(ranges.map(\.faults) == [2, 1] && ranges.map(\.latencyNs) == [6_000_000, 6_000_000])
        #expect(ranges.map(\.firstNs) == [1_200_000_000, 1_150_000_000])
        #expect(reads[0].faults == 3 && reads[0].size == 0x3000 && reads[0].firstNs == 1_150_000_000)
    }

    @Test func `what lies just within the kernel's reach is the same range, what lies beyond is another`() {
        var reads = StorageReads()
        for offset in [0, 4096 + StorageReads.gap - 4096, 4096 + 2 * StorageReads.gap] as [UInt64] { reads.add(read(offset)) }
        let ranges = reads.files(names, pageSize: 4096)[0].ranges
        #expect(ranges.map(\.offset) == [0, 4096 + 2 * StorageReads.gap] && ranges.map(\.faults) == [2, 1])
    }

    @Test func `swap's reads and minor faults are no storage reads`() {
        var reads = StorageReads()
        var swap = read(0)
        swap.cause = .swapIn
        var nameless = read(0)
        nameless.place.name = 0
        for fault in [swap, nameless, fault(1)] { reads.add(fault) }
        #expect(reads.files(names, pageSize: 4096).isEmpty && reads.others == 0)
    }

    @Test func `reads past the limit are counted`() {
        var reads = StorageReads()
        for number in 0..<StorageReads.limit + 3 { reads.add(read(UInt64(number) << 12)) }
        #expect(reads.others == 3 && reads.files(names, pageSize: 4096)[0].faults == UInt64(StorageReads.limit))
    }

    private let names = Self.names
    private static let names = (try? launchReport().faults.summary.names) ?? TraceNames()
    private static let number = UInt32(names.mappings.firstIndex { $0 == "/data/app/base.apk" } ?? 0)

    private func read(_ offset: UInt64) -> PageFault {
        var next = fault(1, traits: 0x01 | 0x01 << 2 | 0x02 << 6)
        next.place = MemoryPlace(name: Self.number, region: .apk, offset: offset)
        next.cause = .fileRead
        return next
    }

    // MARK: The worst

    @Test func `those that took longest are kept, the longest first`() {
        var worst = WorstFaults()
        for number in 0..<1000 as Range<UInt64> {
            var next = fault(number)
            next.latencyNs = number * 7919 % 1000
            worst.add(next)
        }
        var unknown = fault(1)
        unknown.latencyNs = nil
        worst.add(unknown)
        #expect(worst.faults.map(\.latencyNs) == (990..<1000).reversed().map { UInt64($0) })
    }

    // MARK: Over time

    @Test func `columns have a round length and lose nothing`() {
        var course = FaultCourse(startNs: 1_000_000_000)
        for ms in 0..<700 as Range<UInt64> { course.add(1_000_000_000 + ms * 1_000_000, latencyNs: 10) }
        let (lengthNs, columns) = course.columns(fromNs: 1_100_000_000, limit: 64)
        #expect(lengthNs == 10_000_000 && columns.count == 60)
        #expect(columns.allSatisfy { $0.events == 10 && $0.latencyNs == 100 })
        #expect(course.columns(fromNs: 2_000_000_000, limit: 64).columns.isEmpty)
    }

    @Test func `times of any size find a place`() {
        var course = FaultCourse(startNs: 1000)
        for time in [0, 1000, .max] as [UInt64] { course.add(time, latencyNs: nil) }
        #expect(course.sum(0..<(.max)).events == 3)
        let (_, columns) = course.columns(fromNs: 0, limit: 64)
        #expect(columns.count <= 64 && columns.reduce(0) { $0 + $1.events } == 3)
    }
}
