/// The tables, which docs/exports.md explains. What is not known is NULL. Addresses and offsets are the 64 bits as SQLite's signed
/// integers; the views have them in hexadecimal.
enum SQLiteSchema {
    static let version = 1

    static let tables = """
        CREATE TABLE session (
            started_ns INTEGER NOT NULL, wall_clock_ns INTEGER NOT NULL, duration_ns INTEGER,
            source TEXT NOT NULL, transport TEXT NOT NULL, columns TEXT NOT NULL,
            kernel TEXT NOT NULL, arch TEXT NOT NULL, page_size INTEGER NOT NULL, cpus INTEGER NOT NULL,
            agent_version TEXT NOT NULL, sample INTEGER NOT NULL,
            events INTEGER, lost INTEGER, held_back INTEGER, complete INTEGER);
        CREATE TABLE processes (
            id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, name TEXT NOT NULL, package TEXT, parent INTEGER, uid INTEGER,
            command_line TEXT, executable TEXT, born_ns INTEGER, ended_ns INTEGER);
        CREATE TABLE threads (
            id INTEGER PRIMARY KEY, process_id INTEGER NOT NULL REFERENCES processes, tid INTEGER NOT NULL, uid INTEGER NOT NULL,
            name TEXT NOT NULL);
        CREATE TABLE mappings (id INTEGER PRIMARY KEY, name TEXT NOT NULL, build_id TEXT);
        CREATE TABLE symbols (id INTEGER PRIMARY KEY, mapping_id INTEGER NOT NULL REFERENCES mappings, name TEXT NOT NULL);
        CREATE TABLE frames (
            id INTEGER PRIMARY KEY, mapping_id INTEGER REFERENCES mappings, offset INTEGER,
            symbol_id INTEGER REFERENCES symbols, label TEXT NOT NULL);
        CREATE TABLE stacks (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL);
        CREATE TABLE stack_frames (
            stack_id INTEGER NOT NULL REFERENCES stacks, depth INTEGER NOT NULL, frame_id INTEGER NOT NULL REFERENCES frames,
            PRIMARY KEY (stack_id, depth)) WITHOUT ROWID;
        CREATE TABLE kinds (
            id INTEGER PRIMARY KEY, mode TEXT, access TEXT, present INTEGER, outcome TEXT, error_kind TEXT, error_code INTEGER,
            flags TEXT);
        CREATE TABLE causes (id INTEGER PRIMARY KEY, name TEXT NOT NULL, words TEXT NOT NULL);
        CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE faults (
            id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, thread_id INTEGER NOT NULL REFERENCES threads, cpu INTEGER NOT NULL,
            address INTEGER NOT NULL, ip INTEGER NOT NULL, kind_id INTEGER NOT NULL REFERENCES kinds,
            cause_id INTEGER REFERENCES causes, latency_ns INTEGER, mapping_id INTEGER REFERENCES mappings, offset INTEGER,
            region_id INTEGER REFERENCES regions, frame_id INTEGER NOT NULL REFERENCES frames, stack_id INTEGER REFERENCES stacks);
        CREATE TABLE losses (id INTEGER PRIMARY KEY, first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, cpu INTEGER NOT NULL, count INTEGER NOT NULL);
        CREATE TABLE interruptions (id INTEGER PRIMARY KEY, since_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL, reason TEXT);
        """

    static let views = """
        CREATE VIEW fault_details AS SELECT
            f.id, f.time_ns, (f.time_ns - s.started_ns) / 1e9 AS seconds, f.cpu, p.pid, t.tid, t.uid, t.name AS thread, p.name AS process,
            p.package, printf('0x%x', f.address) AS address, printf('0x%x', f.ip) AS ip, k.mode, k.access, k.present, k.outcome,
            f.latency_ns, c.name AS cause, m.name AS mapping, printf('0x%x', f.offset) AS offset, r.name AS region,
            x.name AS ip_mapping, y.name AS symbol, f.stack_id, s.sample AS count
            FROM faults f JOIN session s JOIN threads t ON t.id = f.thread_id JOIN processes p ON p.id = t.process_id
            JOIN kinds k ON k.id = f.kind_id LEFT JOIN causes c ON c.id = f.cause_id LEFT JOIN mappings m ON m.id = f.mapping_id
            LEFT JOIN regions r ON r.id = f.region_id JOIN frames i ON i.id = f.frame_id LEFT JOIN mappings x ON x.id = i.mapping_id
            LEFT JOIN symbols y ON y.id = i.symbol_id;
        CREATE VIEW faults_by_process AS SELECT
            p.pid, p.name AS process, count(*) AS faults, sum(k.outcome = 'major') AS major, sum(f.latency_ns) AS latency_ns
            FROM faults f JOIN threads t ON t.id = f.thread_id JOIN processes p ON p.id = t.process_id JOIN kinds k ON k.id = f.kind_id
            GROUP BY p.id ORDER BY faults DESC;
        CREATE VIEW faults_by_cause AS SELECT
            c.name AS cause, count(*) AS faults, sum(f.latency_ns) AS latency_ns
            FROM faults f LEFT JOIN causes c ON c.id = f.cause_id GROUP BY f.cause_id ORDER BY faults DESC;
        CREATE VIEW faults_by_mapping AS SELECT
            m.name AS mapping, r.name AS region, count(*) AS faults, count(DISTINCT f.offset / s.page_size) AS pages,
            sum(f.latency_ns) AS latency_ns
            FROM faults f JOIN session s LEFT JOIN mappings m ON m.id = f.mapping_id LEFT JOIN regions r ON r.id = f.region_id
            GROUP BY f.mapping_id, f.region_id ORDER BY faults DESC;
        CREATE VIEW faults_by_function AS SELECT
            i.label AS function, m.name AS mapping, count(*) AS faults, sum(f.latency_ns) AS latency_ns
            FROM faults f JOIN frames i ON i.id = f.frame_id LEFT JOIN mappings m ON m.id = i.mapping_id
            GROUP BY i.label, i.mapping_id ORDER BY faults DESC;
        CREATE VIEW stack_texts AS SELECT
            stack_id, group_concat(label, ';') AS stack
            FROM (SELECT stack_id, label FROM stack_frames JOIN frames ON frames.id = frame_id ORDER BY stack_id, depth DESC)
            GROUP BY stack_id;
        """

    /// Made last, when everything is there.
    static let indexes = """
        CREATE INDEX faults_by_time ON faults (time_ns);
        CREATE INDEX faults_of_thread ON faults (thread_id, time_ns);
        CREATE INDEX faults_of_mapping ON faults (mapping_id, offset);
        CREATE INDEX faults_of_stack ON faults (stack_id) WHERE stack_id IS NOT NULL;
        CREATE INDEX threads_of_process ON threads (process_id);
        CREATE INDEX frames_of_symbol ON frames (symbol_id);
        """

    static let insertFault = "INSERT INTO faults VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
}
