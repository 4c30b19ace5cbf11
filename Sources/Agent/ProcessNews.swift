import CLinux
import FaultProbe
import WireProtocol

/// Tells the controller what processes are, by what /proc says of them. Of who is gone by then the other news say all that is known.
final class ProcessNews {
    /// Android writes the command line right after the name: whoever took another is looked at again after this time.
    private static let settlingNs: UInt64 = 100_000_000
    /// A list of packages that lacks an app's is read again, but not more often than this.
    private static let packagesPauseNs: UInt64 = 1_000_000_000
    /// How many processes are looked at before a batch goes out, in less than a tenth of a second; the others wait for the next one.
    private static let looksPerBatch = 1024
    /// What may wait; beyond that the next look is the only one.
    private static let waitingLimit = 4096

    private struct Change {
        let pid: UInt32
        let timeNs: UInt64
        /// CLOCK_BOOTTIME.
        let dueNs: UInt64
    }

    private let connection: Connection
    private let exclusion: Exclusion?
    private var changes: [Change] = []
    private var packages = PackageList.live()
    private var packagesReadNs = linux_monotonic_ns()

    /// - Parameter exclusion: of whom nothing is told.
    init(_ connection: Connection, _ exclusion: Exclusion?) {
        self.connection = connection
        self.exclusion = exclusion
    }

    // MARK: What happens

    /// It runs another program: what that is comes with the next `sendChanges`.
    func executed(_ pid: UInt32, atNs timeNs: UInt64) {
        changes.removeAll { $0.pid == pid }
        look(at: pid, atNs: timeNs, dueNs: 0)
    }

    /// Its main thread has another name. That is told at once, and what else has changed with the next `sendChanges`, and again
    /// when it has settled.
    func renamed(_ pid: UInt32, to name: String, atNs timeNs: UInt64) {
        connection.send(.process(ProcessFacts(timeNs: timeNs, pid: pid, name: name)))
        executed(pid, atNs: timeNs)
        look(at: pid, atNs: timeNs, dueNs: timeNs &+ Self.settlingNs)
    }

    /// Whether it is told of with the next `sendChanges`.
    func hasChanged(_ pid: UInt32) -> Bool { changes.contains { $0.pid == pid } }

    private func look(at pid: UInt32, atNs timeNs: UInt64, dueNs: UInt64) {
        if changes.count < Self.waitingLimit { changes.append(Change(pid: pid, timeNs: timeNs, dueNs: dueNs)) }
    }

    // MARK: Telling

    /// - Parameter isWanted: is asked of each whether it still is.
    func sendChanges(nowNs: UInt64, isWanted: (UInt32) -> Bool) {
        var looks = 0
        var waiting: [Change] = []
        for change in changes {
            if change.dueNs > nowNs || looks == Self.looksPerBatch { waiting.append(change) } else if isWanted(change.pid) {
                tell(change.pid, asOf: change.timeNs)
                looks += 1
            }
        }
        changes = waiting
    }

    /// - Parameter timeNs: since when this is so.
    func tell(_ pid: UInt32, asOf timeNs: UInt64) {
        guard let reading = ProcessReading(of: pid), exclusion?.excludes(pid) != true else { return }
        connection.send(
            .process(
                ProcessFacts(
                    timeNs: timeNs, pid: pid, parent: reading.parent, uid: reading.user, bornNs: reading.bornNs, name: reading.name,
                    commandLine: reading.commandLine, executable: reading.executable, package: package(of: reading))))
    }

    private func package(of process: ProcessReading) -> String {
        if packages.isEmpty { return "" }
        let first = String(decoding: process.commandLine.utf8.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        if let known = packages.package(ofUser: process.user, process: first) { return known }
        let nowNs = linux_monotonic_ns()
        guard PackageList.isApp(process.user), nowNs &- packagesReadNs > Self.packagesPauseNs else { return "" }
        (packages, packagesReadNs) = (.live(), nowNs)
        return packages.package(ofUser: process.user, process: first) ?? ""
    }
}
