import FaultModel
import WireProtocol

/// A process of a trace, from when it took its name to when it took another or ended.
public struct TracedProcess: Equatable, Sendable {
    public var pid: UInt32 = 0
    /// Its full name: the Android process's, or that of its program; the main thread's where that is another.
    public var name = ""
    /// Its parent's process id; zero: not known.
    public var parent: UInt32 = 0
    /// Real user id; nil: not known.
    public var uid: UInt32?
    /// The Android package to which it belongs; empty: none.
    public var package = ""
    /// Its arguments with spaces between them; empty: not known, or it has none.
    public var commandLine = ""
    /// The path of its program; empty: not known.
    public var executable = ""
    /// CLOCK_BOOTTIME: when the process was born; zero: not known.
    public var bornNs: UInt64 = 0
    /// CLOCK_BOOTTIME: when it ended; nil: it has not, as far as anybody has told.
    public var endedNs: UInt64?

    public init() {}

    /// How long it lived; nil: it still does, or its birth is not known.
    public var lifetimeNs: UInt64? {
        guard let endedNs, bornNs > 0 else { return nil }
        return endedNs.subtractingOrZero(bornNs)
    }
}

// MARK: - News

extension TracedProcess {
    /// /proc tells births in hundredths of a second, the news of a birth to the nanosecond.
    private static let procUnitNs: UInt64 = 10_000_000

    /// The same process with what the agent has read of it.
    ///
    /// - Parameter comm: the main thread's name.
    func learning(_ facts: ProcessFacts, comm: String) -> TracedProcess {
        var new = self
        new.endedNs = nil
        if facts.parent > 0 { new.parent = facts.parent }
        if facts.uid != ProcessFacts.unknownUser { new.uid = facts.uid }
        if facts.bornNs > 0, !wasBorn(near: facts.bornNs) || bornNs % Self.procUnitNs == 0 { new.bornNs = facts.bornNs }
        if !facts.commandLine.isEmpty { new.commandLine = facts.commandLine }
        if !facts.package.isEmpty { new.package = facts.package }
        new.run(facts.executable.isEmpty ? executable : facts.executable, comm: comm)
        return new
    }

    /// Whether this has ended and that is still it, and not the next owner of its number.
    func isDead(bornNs otherNs: UInt64) -> Bool { endedNs != nil && otherNs > 0 && wasBorn(near: otherNs) }

    private func wasBorn(near timeNs: UInt64) -> Bool {
        max(bornNs, timeNs) - min(bornNs, timeNs) <= 2 * Self.procUnitNs
    }

    /// It runs this program, and its main thread goes by this name.
    ///
    /// The kernel cuts names. The first argument completes one, which on Android is the process's name, or else the program's file.
    mutating func run(_ program: String, comm: String) {
        executable = program
        name = comm
        let first = commandLine.prefix { $0 != " " }
        if !package.isEmpty, first.contains("."), !first.contains("/") { return name = String(first) }
        guard comm.utf8.count >= ThreadName.keptLength else { return }
        let whole = [first.baseName, program[...].baseName].first { Self.completes($0, comm) }
        if let whole { name = String(whole) }
    }

    /// Linux keeps a name's beginning, Android a package's end.
    private static func completes(_ name: Substring, _ comm: String) -> Bool {
        name.utf8.starts(with: comm.utf8) || name.utf8.reversed().starts(with: comm.utf8.reversed())
    }
}

extension Substring {
    fileprivate var baseName: Substring { lastIndex(of: "/").map { self[index(after: $0)...] } ?? self }
}
