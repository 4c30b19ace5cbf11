import Exporters
import FaultModel
import Foundation
import GRDB
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct SQLiteTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "faultline-\(UUID().uuidString).sqlite").path

    /// Writes a database and asks it.
    private func ask(_ queries: String..., of names: TraceNames, _ pieces: TimeOrder.Piece...) throws -> [[String]] {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var sink = try SQLiteTables<Unwritten>(path: path) { Unwritten(reason: $0) }
        var summary = TraceSummary(session: session())
        summary.names = names
        try sink.begin(summary.session)
        for piece in pieces {
            summary.statistics.add(piece)
            try sink.consume(piece, names)
        }
        try sink.finish(summary)
        return try DatabaseQueue(path: path).read { database in
            try queries.map { query in
                try Row.fetchAll(database, sql: query).map { row in
                    row.map { name, value in "\(name)=" + (value.isNull ? "-" : String.fromDatabaseValue(value) ?? "\(value)") }.joined(separator: " ")
                }
            }
        }
    }

    @Test func `a fault is one row, and the view names what it refers to`() throws {
        let (fault, names) = explainedFault()
        let rows = try ask("SELECT * FROM fault_details", "SELECT count(*) AS n FROM faults", of: names, .faults([fault]))
        #expect(rows == [
            [
                "id=1 time_ns=1500000000 seconds=0.5 cpu=0 pid=100 tid=100 uid=10123 thread=cat process=com.example.browser:tab0 "
                    + "package=com.example.browser address=0x7f0000001000 ip=0x55d000001123 mode=user access=execute present=0 outcome=minor "
                    + "latency_ns=- cause=file mapping=/data/app/base.apk offset=0x85010 region=apk ip_mapping=/lib/libc.so.6 symbol=- "
                    + "stack_id=- count=1"
            ], ["n=1"],
        ])
    }

    @Test func `what repeats is written once`() throws {
        let (known, names) = explainedFault()
        var elsewhere = known
        elsewhere.code.offset += 8
        let rows = try ask(
            "SELECT count(*) AS n FROM processes", "SELECT count(*) AS n FROM threads", "SELECT count(*) AS n FROM mappings",
            "SELECT count(*) AS n FROM kinds", "SELECT count(*) AS n FROM frames", "SELECT count(*) AS n FROM faults",
            of: names, .faults([known, known, elsewhere]), .faults([known]))
        #expect(rows == [["n=1"], ["n=1"], ["n=2"], ["n=1"], ["n=2"], ["n=4"]])
    }

    @Test func `stacks have frames, the leaf at depth zero`() throws {
        let stacks = StackFixture()
        let rows = try ask(
            "SELECT stack_id FROM faults", "SELECT stack FROM stack_texts", "SELECT label FROM stack_frames JOIN frames ON id = frame_id WHERE depth = 0",
            of: stacks.names, .faults([stacks.both, stacks.without, stacks.both]))
        #expect(rows == [
            ["stack_id=1", "stack_id=-", "stack_id=1"], ["stack=[truncated];[unknown];[a b,\"c.so];[kernel]"], ["label=[kernel]"],
        ])
    }

    @Test func `the views add up to the faults and the losses are there`() throws {
        let (known, names) = explainedFault()
        let rows = try ask(
            "SELECT * FROM faults_by_process", "SELECT * FROM faults_by_cause", "SELECT * FROM faults_by_mapping",
            "SELECT * FROM faults_by_function", "SELECT * FROM losses", "SELECT events, lost, complete FROM session",
            of: names, .faults([known, known, fault(7)]), .lost(Lost(cpu: 3, count: 17, firstNs: 900, lastNs: 950)))
        #expect(rows == [
            ["pid=100 process=com.example.browser:tab0 faults=2 major=0 latency_ns=-", "pid=100 process=cat faults=1 major=- latency_ns=-"],
            ["cause=file faults=2 latency_ns=-", "cause=- faults=1 latency_ns=-"],
            ["mapping=/data/app/base.apk region=apk faults=2 pages=1 latency_ns=-", "mapping=- region=- faults=1 pages=0 latency_ns=-"],
            ["function=[libc.so.6] mapping=/lib/libc.so.6 faults=2 latency_ns=-", "function=[unknown] mapping=- faults=1 latency_ns=-"],
            ["id=1 first_ns=900 last_ns=950 cpu=3 count=17"], ["events=3 lost=17 complete=0"],
        ])
    }

    @Test func `a lost connection is a row`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var tables = try SQLiteTables<Unwritten>(path: path) { Unwritten(reason: $0) }
        try tables.begin(session())
        try tables.interrupted(Outage(reason: "the cable was cut", sinceNs: 900, untilNs: 950))
        try tables.finish(TraceSummary(session: session()))
        let row = try DatabaseQueue(path: path).read { try Row.fetchOne($0, sql: "SELECT since_ns, until_ns, reason FROM interruptions") }
        #expect(row == ["since_ns": 900, "until_ns": 950, "reason": "the cable was cut"])
    }

    @Test func `the kernel's addresses are there to the last bit`() throws {
        let high = fault(7, address: 0xffff_ffff_8100_0000, ip: .max)
        #expect(try ask("SELECT address, ip FROM fault_details", of: TraceNames(), .faults([high])) == [["address=0xffffffff81000000 ip=0xffffffffffffffff"]])
    }

    @Test func `a file that cannot be made is a typed error`() {
        #expect(throws: Unwritten(reason: "unable to open database file")) {
            try SQLiteTables<Unwritten>(path: "/nowhere/at/all.sqlite") { Unwritten(reason: $0) }
        }
    }

    private struct Unwritten: Error, Equatable {
        let reason: String
    }
}
