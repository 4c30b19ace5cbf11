public import FaultModel
import GRDB
import GRDBSQLite
public import TraceModel
public import WireProtocol

/// An SQLite database, written in one transaction: see `SQLiteSchema`.
///
/// The file is good when `finish` has returned; until then it has no journal and is of no use.
public struct SQLiteTables<Failure: Error>: EventSink {
    private let queue: DatabaseQueue
    private let failure: @Sendable (String) -> Failure
    private var rows = SQLiteRows()

    /// - Parameters:
    ///   - path: a new file, or an empty one.
    ///   - failure: what the sink throws for the database's word for what went wrong.
    public init(path: String, failure: @escaping @Sendable (String) -> Failure) throws(Failure) {
        var configuration = Configuration()
        // One transaction goes from `begin` to `finish`.
        configuration.allowsUnsafeTransactions = true
        // Rows refer to rows that were written before them; checking that anew would cost a look-up each.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        }
        self.failure = failure
        queue = try Self.translating(failure) { try DatabaseQueue(path: path, configuration: configuration) }
    }

    public mutating func begin(_ session: TraceSession) throws(Failure) {
        try write { database, _ in
            try database.execute(sql: SQLiteSchema.tables + SQLiteSchema.views)
            try database.execute(sql: "PRAGMA user_version = \(SQLiteSchema.version)")
            try database.beginTransaction(.exclusive)
            try database.insert(session)
        }
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Failure) {
        try write { database, rows in
            let insert = try database.cachedStatement(sql: SQLiteSchema.insertFault)
            for fault in faults { try database.runBare(insert, rows.values(of: fault, names, database)) }
        }
    }

    public mutating func lost(_ gap: Lost) throws(Failure) {
        try write { database, _ in
            try database.insert("losses", [.null, .bits(gap.firstNs), .bits(gap.lastNs), .bits(UInt64(gap.cpu)), .bits(gap.count)])
        }
    }

    public mutating func interrupted(_ outage: Outage) throws(Failure) {
        try write { database, _ in
            try database.insert("interruptions", [.null, .bits(outage.sinceNs), .bits(outage.untilNs), .text(outage.reason)])
        }
    }

    public mutating func finish(_ summary: TraceSummary) throws(Failure) {
        try write { database, rows in
            try rows.complete(summary.names, database)
            try database.run(
                "UPDATE session SET duration_ns = ?, events = ?, lost = ?, held_back = ?, complete = ?",
                [
                    .bits(summary.durationNs), .bits(summary.events), .bits(summary.lost), .bits(summary.heldBack),
                    .bits(summary.cut == nil ? 1 : 0),
                ])
            try database.commit()
            try database.execute(sql: SQLiteSchema.indexes + "ANALYZE;")
        }
        try Self.translating(failure) { [queue] in try queue.close() }
    }

    private mutating func write(_ body: (Database, inout SQLiteRows) throws -> Void) throws(Failure) {
        try Self.translating(failure) { try queue.inDatabase { try body($0, &rows) } }
    }

    private static func translating<Value>(_ failure: (String) -> Failure, _ body: () throws -> Value) throws(Failure) -> Value {
        do { return try body() } catch { throw failure((error as? DatabaseError)?.message ?? "\(error)") }
    }
}

extension Database {
    fileprivate func insert(_ session: TraceSession) throws {
        let kernel = session.report.kernel
        try run(
            """
                INSERT INTO session (started_ns, wall_clock_ns, source, transport, columns, kernel, arch, page_size, cpus, agent_version, sample)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            [
                .bits(session.startNs), .bits(session.wallClockNs), .text(session.source.name), .text(session.transport.name),
                .text(session.columns.map(\.name).joined(separator: ",")), .text(kernel.release), .text(kernel.arch),
                .bits(UInt64(kernel.pageSize)), .bits(UInt64(session.cpuCount)), .text(session.agentVersion),
                .bits(UInt64(session.sampleEvery)),
            ])
        for cause in FaultCause.allCases { try insert("causes", [.bits(UInt64(cause.rawValue)), .text(cause.name), .text(cause.words)]) }
        for region in MemoryRegion.allCases { try insert("regions", [.bits(UInt64(region.rawValue)), .text(region.name)]) }
    }

    /// Adds a row and returns its number.
    @discardableResult
    func insert(_ table: String, _ values: [DatabaseValue]) throws -> DatabaseValue {
        let places = [String](repeating: "?", count: values.count).joined(separator: ", ")
        try run("INSERT INTO \(table) VALUES (\(places))", values)
        return lastInsertedRowID.databaseValue
    }

    /// Runs a statement without GRDB's arguments and observers, which cost three times as much as SQLite itself.
    fileprivate func runBare(_ statement: Statement, _ values: [DatabaseValue]) throws {
        let bare = statement.sqliteStatement
        for place in values.indices { _ = values[place].bind(to: bare, at: CInt(place + 1)) }
        let status = sqlite3_step(bare)
        let failure = DatabaseError(resultCode: ResultCode(rawValue: status), message: status == SQLITE_DONE ? nil : lastErrorMessage)
        sqlite3_reset(bare)
        if status != SQLITE_DONE { throw failure }
    }

    /// Runs a statement that is prepared once.
    func run(_ sql: String, _ values: [DatabaseValue]) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }
}

extension DatabaseValue {
    static func bits(_ value: UInt64?) -> DatabaseValue { value.map { Int64(bitPattern: $0).databaseValue } ?? .null }

    /// NULL where there is nothing.
    static func text(_ text: String?) -> DatabaseValue { text.flatMap { $0.isEmpty ? nil : $0.databaseValue } ?? .null }
}
