/// What a process is: when it first occurs in the trace, and again when it has become something else.
public struct ProcessFacts: Equatable, Sendable {
    /// CLOCK_BOOTTIME: since when this is known to be so.
    public var timeNs: UInt64
    public var pid: UInt32
    /// Its parent's process id; zero: not known.
    public var parent: UInt32
    /// Real user id; `unknownUser` where the process was gone before anybody could look.
    public var uid: UInt32
    /// CLOCK_BOOTTIME: when it was born; zero: not known.
    public var bornNs: UInt64
    /// The main thread's name.
    public var name: String
    /// /proc/PID/cmdline with spaces between the arguments, cut after 4 KiB; empty: not known, or it has none.
    public var commandLine: String
    /// The path of its program, /proc/PID/exe; empty: not known, or it has none.
    public var executable: String
    /// The Android package to which its user belongs; empty: none.
    public var package: String

    public static let unknownUser = UInt32.max

    public init(
        timeNs: UInt64, pid: UInt32, parent: UInt32 = 0, uid: UInt32 = unknownUser, bornNs: UInt64 = 0, name: String = "",
        commandLine: String = "", executable: String = "", package: String = ""
    ) {
        self.timeNs = timeNs
        self.pid = pid
        self.parent = parent
        self.uid = uid
        self.bornNs = bornNs
        self.name = name
        self.commandLine = commandLine
        self.executable = executable
        self.package = package
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
        parent = try reader.u32()
        uid = try reader.u32()
        bornNs = try reader.u64()
        name = try reader.string()
        commandLine = try reader.string()
        executable = try reader.string()
        package = try reader.string()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
        writer.u32(parent)
        writer.u32(uid)
        writer.u64(bornNs)
        writer.string(name)
        writer.string(commandLine)
        writer.string(executable)
        writer.string(package)
    }
}

/// How long processes have run on CPUs since the trace began.
public struct CPUTimes: Equatable, Sendable {
    public struct Process: Equatable, Sendable {
        public var pid: UInt32
        public var cpuTimeNs: UInt64

        public init(pid: UInt32, cpuTimeNs: UInt64) {
            self.pid = pid
            self.cpuTimeNs = cpuTimeNs
        }
    }

    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var list: [Process]

    public init(timeNs: UInt64, list: [Process]) {
        self.timeNs = timeNs
        self.list = list
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        list = try reader.list { reader throws(WireError) in Process(pid: try reader.u32(), cpuTimeNs: try reader.u64()) }
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.list(list) { writer, process in
            writer.u32(process.pid)
            writer.u64(process.cpuTimeNs)
        }
    }
}
