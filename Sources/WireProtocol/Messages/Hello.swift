public import FaultModel

/// The agent's answer to a good token: what it is and what its device can give.
public struct Hello: Equatable, Sendable {
    public var version: UInt32
    /// The agent's own version, for people.
    public var agentVersion: String
    public var agentPid: UInt32
    public var cpuCount: UInt32
    public var report: PreflightReport

    public init(
        version: UInt32 = Frame.version, agentVersion: String, agentPid: UInt32, cpuCount: UInt32,
        report: PreflightReport
    ) {
        self.version = version
        self.agentVersion = agentVersion
        self.agentPid = agentPid
        self.cpuCount = cpuCount
        self.report = report
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        guard try reader.u32() == Frame.magic else { throw .badMagic }
        version = try reader.version()
        agentVersion = try reader.string()
        agentPid = try reader.u32()
        cpuCount = try reader.u32()
        report = try PreflightReport(&reader)
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(Frame.magic)
        writer.u32(version)
        writer.string(agentVersion)
        writer.u32(agentPid)
        writer.u32(cpuCount)
        report.write(to: &writer)
    }
}

extension PreflightReport {
    init(_ reader: inout ByteReader) throws(WireError) {
        self.init(
            basis: try reader.known("basis"),
            kernel: Kernel(
                release: try reader.string(), arch: try reader.string(), pageSize: try reader.u32()),
            selinux: SELinux(mode: try reader.known("SELinux mode"), domain: try reader.optionalString()),
            sources: try reader.list { reader throws(WireError) in try SourceVerdict(&reader) },
            checks: try reader.list { reader throws(WireError) in try Check(&reader) })
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(basis.rawValue)
        writer.string(kernel.release)
        writer.string(kernel.arch)
        writer.u32(kernel.pageSize)
        writer.u8(selinux.mode.rawValue)
        writer.optionalString(selinux.domain)
        writer.list(sources) { writer, verdict in verdict.write(to: &writer) }
        writer.list(checks) { writer, check in check.write(to: &writer) }
    }
}

extension SourceVerdict {
    init(_ reader: inout ByteReader) throws(WireError) {
        let source: FaultSource = try reader.known("source")
        let usable: Bool? = switch try reader.u8() {
        case 0: false
        case 1: true
        case 2: nil
        default: throw .badValue("source verdict")
        }
        self.init(
            source, usable: usable, reason: try reader.string(),
            columns: try reader.list { reader throws(WireError) in try reader.known("column") },
            missing: try reader.list { reader throws(WireError) in try MissingColumn(&reader) })
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(source.rawValue)
        switch usable {
        case false?: writer.u8(0)
        case true?: writer.u8(1)
        case nil: writer.u8(2)
        }
        writer.string(reason)
        writer.list(columns) { $0.u8($1.rawValue) }
        writer.list(missing) { writer, gap in gap.write(to: &writer) }
    }
}

extension MissingColumn {
    init(_ reader: inout ByteReader) throws(WireError) {
        self.init(try reader.known("column"), reason: try reader.string())
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(column.rawValue)
        writer.string(reason)
    }
}

extension Check {
    init(_ reader: inout ByteReader) throws(WireError) {
        guard let id = CheckID(rawValue: try reader.string()) else { throw .badValue("check id") }
        self.init(
            id, try reader.known("check status"),
            found: try reader.string(), remedy: try reader.optionalString())
    }

    func write(to writer: inout ByteWriter) {
        writer.string(id.rawValue)
        writer.u8(status.rawValue)
        writer.string(found)
        writer.optionalString(remedy)
    }
}

extension ByteReader {
    /// A truth value, and the string if it is true.
    mutating func optionalString() throws(WireError) -> String? { try bool() ? try string() : nil }
}

extension ByteWriter {
    mutating func optionalString(_ value: String?) {
        bool(value != nil)
        if let value { string(value) }
    }
}
