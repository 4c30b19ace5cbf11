import FaultModel
import GRDB
import TraceModel

/// The rows that faults refer to: each is written when it first occurs. Beyond `limit` of a kind all of it is forgotten, so that memory
/// stays bounded; what occurs again then has a second row.
struct SQLiteRows: Sendable {
    private static let limit = 1 << 17

    private var processes: [UInt64: DatabaseValue] = [:]
    private var threads: [ThreadKey: DatabaseValue] = [:]
    private var mappings: [UInt32: DatabaseValue] = [:]
    /// By name, the first row and the file that it is of, as far as that is known.
    private var firstRows: [String: FirstRow] = [:]
    private var symbols: [Symbol: DatabaseValue] = [:]
    private var frames: [StackFrame: DatabaseValue] = [:]
    private var stacks: [FaultStacks: DatabaseValue] = [:]
    private var kinds: [FaultKind: DatabaseValue] = [:]

    private struct FirstRow {
        var identity: FileIdentity
        let row: DatabaseValue
    }

    private struct Symbol: Hashable {
        var mapping: UInt32
        var name: String
    }

    /// What `SQLiteSchema.insertFault` takes.
    mutating func values(of fault: PageFault, _ names: TraceNames, _ database: Database) throws -> [DatabaseValue] {
        let isPlaced = fault.place.name != 0
        return [
            .bits(fault.timeNs), try thread(ThreadKey(fault), names, database), .bits(UInt64(fault.cpu)), .bits(fault.address),
            .bits(fault.ip), try kind(fault.kind, database), .bits(fault.cause.map { UInt64($0.rawValue) }), .bits(fault.latencyNs),
            try mapping(fault.place.name, names, database), .bits(isPlaced ? fault.place.offset : nil),
            .bits(isPlaced ? UInt64(fault.place.region.rawValue) : nil), try frame(StackFrame(fault.code), names, database),
            try stack(fault, names, database),
        ]
    }

    /// Writes what has become known of processes, mappings and functions since.
    mutating func complete(_ names: TraceNames, _ database: Database) throws {
        for (key, row) in processes {
            guard let process = names.process(UInt32(key >> 32), pid: UInt32(truncatingIfNeeded: key)), !process.name.isEmpty else { continue }
            try database.run(
                """
                UPDATE processes SET name = ?, package = ?, parent = ?, uid = ?, command_line = ?, executable = ?, born_ns = ?, ended_ns = ?
                WHERE id = ?
                """, process.values + [row])
        }
        for (number, row) in mappings {
            guard let buildID = names.symbols.buildID(number) else { continue }
            try database.run("UPDATE mappings SET build_id = ? WHERE id = ?", [.text(buildID), row])
        }
        for case (.code(let file, let offset), let row) in frames where file != 0 {
            let place = MemoryPlace(name: file, offset: offset)
            let symbol = try symbol(place, mapping(file, names, database), names, database)
            let label = names.named(StackFrame(place)).function.databaseValue
            try database.run("UPDATE frames SET symbol_id = ?, label = ? WHERE id = ? AND symbol_id IS NULL", [symbol, label, row])
        }
    }

    // MARK: Whose

    private mutating func thread(_ key: ThreadKey, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        if let known = threads[key] { return known }
        let thread = key.thread
        let process = try process(key, names, database)
        return try remember(key, in: \.threads) {
            try database.insert("threads", [.null, process, .bits(UInt64(thread.tid)), .bits(UInt64(thread.uid)), thread.comm.text.databaseValue])
        }
    }

    private mutating func process(_ key: ThreadKey, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        let number = UInt64(key.process) << 32 | UInt64(key.thread.pid)
        if let known = processes[number] { return known }
        var process = names.process(key.process, pid: key.thread.pid) ?? TracedProcess()
        process.name = names.processName(key)
        return try remember(number, in: \.processes) {
            try database.insert("processes", [.null, .bits(UInt64(key.thread.pid))] + process.values)
        }
    }

    private mutating func kind(_ kind: FaultKind, _ database: Database) throws -> DatabaseValue {
        if let known = kinds[kind] { return known }
        return try remember(kind, in: \.kinds) { try database.insert("kinds", kind.values) }
    }

    // MARK: Where

    private mutating func mapping(_ number: UInt32, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        if number == 0 { return .null }
        if let known = mappings[number] { return known }
        let row = try row(of: names.file(number), database)
        return try remember(number, in: \.mappings) { row }
    }

    /// A name has one row, unless several files bear it.
    private mutating func row(of file: MappedFile, _ database: Database) throws -> DatabaseValue {
        if let first = firstRows[file.name], file.identity == .unknown || first.identity == .unknown || first.identity == file.identity {
            if first.identity == .unknown { firstRows[file.name]?.identity = file.identity }
            return first.row
        }
        let row = try database.insert("mappings", [.null, file.name.databaseValue, .null])
        if firstRows[file.name] == nil { firstRows[file.name] = FirstRow(identity: file.identity, row: row) }
        return row
    }

    private mutating func frame(_ frame: StackFrame, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        if let known = frames[frame] { return known }
        var (mapping, offset, symbol) = (DatabaseValue.null, DatabaseValue.null, DatabaseValue.null)
        if case .code(let file, let place) = frame, file != 0 {
            mapping = try self.mapping(file, names, database)
            offset = .bits(place)
            symbol = try self.symbol(MemoryPlace(name: file, offset: place), mapping, names, database)
        }
        let label = names.named(frame).function.databaseValue
        return try remember(frame, in: \.frames) { try database.insert("frames", [.null, mapping, offset, symbol, label]) }
    }

    private mutating func symbol(_ place: MemoryPlace, _ mapping: DatabaseValue, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        guard let found = names.symbol(place) else { return .null }
        let key = Symbol(mapping: place.name, name: found.name)
        if let known = symbols[key] { return known }
        return try remember(key, in: \.symbols) { try database.insert("symbols", [.null, mapping, found.name.databaseValue]) }
    }

    private mutating func stack(_ fault: PageFault, _ names: TraceNames, _ database: Database) throws -> DatabaseValue {
        if fault.stacks == FaultStacks() { return .null }
        if let known = stacks[fault.stacks] { return known }
        let frames = try names.frames(of: fault).map { try frame($0, names, database) }
        return try remember(fault.stacks, in: \.stacks) {
            let row = try database.insert("stacks", [.null, .bits(UInt64(frames.count))])
            for (depth, frame) in frames.enumerated() { try database.insert("stack_frames", [row, .bits(UInt64(depth)), frame]) }
            return row
        }
    }

    private mutating func remember<Key>(
        _ key: Key, in table: WritableKeyPath<Self, [Key: DatabaseValue]>, _ insert: () throws -> DatabaseValue
    ) throws -> DatabaseValue {
        let row = try insert()
        if self[keyPath: table].count >= Self.limit { self[keyPath: table].removeAll(keepingCapacity: true) }
        self[keyPath: table][key] = row
        return row
    }
}

extension TracedProcess {
    /// From the name on.
    fileprivate var values: [DatabaseValue] {
        [
            name.databaseValue, .text(package), .bits(parent == 0 ? nil : UInt64(parent)), .bits(uid.map { UInt64($0) }),
            .text(commandLine), .text(executable), .bits(bornNs == 0 ? nil : bornNs), .bits(endedNs),
        ]
    }
}

extension FaultKind {
    fileprivate var values: [DatabaseValue] {
        [
            .null, .text(traits.mode?.name), .text(traits.access?.name), traits.present?.databaseValue ?? .null,
            .text(traits.outcome?.name), .text(errorCode?.kindName), .bits(errorCode?.value),
            .text(errorCode?.flags.joined(separator: "|")),
        ]
    }
}
