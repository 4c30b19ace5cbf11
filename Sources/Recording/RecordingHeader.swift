public import WireProtocol

/// What stands at the beginning of a recording.
public struct RecordingHeader: Equatable, Sendable {
    /// The controller's own version, for people.
    public var controllerVersion: String
    public var device: RecordedDevice
    /// CLOCK_REALTIME of the controller when the file was begun.
    public var wallClockNs: UInt64
    /// The same in all files of one recording.
    public var series: UInt64
    /// Which file of its recording this is, from one.
    public var number: UInt32
    /// What the session in which the file begins had come to by then.
    public var before: SessionPart

    public init(
        controllerVersion: String, device: RecordedDevice, wallClockNs: UInt64, series: UInt64, number: UInt32 = 1,
        before: SessionPart = SessionPart()
    ) {
        self.controllerVersion = controllerVersion
        self.device = device
        self.wallClockNs = wallClockNs
        self.series = series
        self.number = number
        self.before = before
    }

    public init(_ reader: inout ByteReader) throws(WireError) {
        guard try reader.string() == RecordingFormat.magic else { throw .badMagic }
        let version = try reader.u32()
        guard version == RecordingFormat.version else { throw .otherVersion(version) }
        controllerVersion = try reader.string()
        device = RecordedDevice(name: try reader.string(), serial: try reader.string(), model: try reader.string())
        wallClockNs = try reader.u64()
        series = try reader.u64()
        number = try reader.u32()
        before = try SessionPart(&reader)
    }

    /// The whole frame.
    public func encoded() -> [UInt8] {
        Frame.encoded(FileFrame.recording.rawValue) { writer in
            writer.string(RecordingFormat.magic)
            writer.u32(RecordingFormat.version)
            writer.string(controllerVersion)
            writer.string(device.name)
            writer.string(device.serial)
            writer.string(device.model)
            writer.u64(wallClockNs)
            writer.u64(series)
            writer.u32(number)
            before.write(to: &writer)
        }
    }
}

extension RecordingHeader {
    /// Becomes the header of the next file.
    ///
    /// - Parameters:
    ///   - part: what the session came to in this one.
    ///   - started: of the session.
    mutating func goOn(_ part: SessionPart, _ started: Started, wallClockNs: UInt64) {
        number += 1
        self.wallClockNs = wallClockNs
        before.events &+= part.events
        before.lost &+= part.lost
        before.startNs = started.timeNs
    }
}

extension Started {
    /// The same as if it had been said at a later time.
    mutating func begin(atNs laterNs: UInt64) {
        guard laterNs > timeNs else { return }
        wallClockNs &+= laterNs - timeNs
        timeNs = laterNs
    }
}

/// The machine that was traced, as the target's user knows it; empty: not known.
public struct RecordedDevice: Equatable, Sendable {
    /// What it is called: a host's name, or where its agent listened.
    public var name: String
    /// adb's serial number.
    public var serial: String
    public var model: String

    public init(name: String, serial: String = "", model: String = "") {
        self.name = name
        self.serial = serial
        self.model = model
    }
}

/// How far a session has come.
public struct SessionPart: Equatable, Sendable {
    public var events: UInt64
    public var lost: UInt64
    /// CLOCK_BOOTTIME: when the session began; zero where nothing of it lies before.
    public var startNs: UInt64

    public init(events: UInt64 = 0, lost: UInt64 = 0, startNs: UInt64 = 0) {
        self.events = events
        self.lost = lost
        self.startNs = startNs
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        events = try reader.u64()
        lost = try reader.u64()
        startNs = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(events)
        writer.u64(lost)
        writer.u64(startNs)
    }
}

/// The last word of a file after which another one goes on.
public struct Continued: Equatable, Sendable {
    /// In this file, of its last session.
    public var events: UInt64
    public var lost: UInt64
    /// CLOCK_BOOTTIME: every event up to then is in this file or one before; a few later ones may be, too.
    public var untilNs: UInt64

    public init(events: UInt64, lost: UInt64, untilNs: UInt64) {
        self.events = events
        self.lost = lost
        self.untilNs = untilNs
    }

    public init(_ reader: inout ByteReader) throws(WireError) {
        events = try reader.u64()
        lost = try reader.u64()
        untilNs = try reader.u64()
    }

    /// The whole frame.
    public func encoded() -> [UInt8] {
        Frame.encoded(FileFrame.continued.rawValue) { writer in
            writer.u64(events)
            writer.u64(lost)
            writer.u64(untilNs)
        }
    }
}
