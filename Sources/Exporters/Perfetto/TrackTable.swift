import FaultModel
import SwiftProtobuf
import TraceModel
import TraceSchemas

/// The tracks of processes and threads: each is told before its first event, and again under another name.
///
/// A track's number follows from what it stands for, so that one that was forgotten gets the same again. A process that runs another
/// program or takes another name gets another track, so that each fault stands below the name that its process had then.
struct TrackTable: Sendable {
    /// Threads that are remembered.
    private static let limit = 1 << 17

    private let seed: UInt64
    /// What threads were told to be called, by the number of the track.
    private var threads: [UInt64: ThreadName] = [:]
    private var processes: Set<UInt64> = []
    private var untold: [PerfettoTrackDescriptor] = []

    /// - Parameter seed: tells this trace's tracks from those of others that are joined with it.
    init(seed: UInt64) { self.seed = seed }

    /// What must be written before an event refers to it.
    mutating func takeUntold() -> [PerfettoTrackDescriptor] {
        defer { untold.removeAll(keepingCapacity: true) }
        return untold
    }

    /// A track that belongs to the whole trace.
    func track(_ number: UInt64) -> UInt64 { mixed(seed, number) }

    mutating func track(of key: ThreadKey, _ names: TraceNames) -> UInt64 {
        let parent = process(of: key, names)
        let track = mixed(parent, UInt64(key.thread.tid))
        if threads[track] == key.thread.comm { return track }
        if threads.count >= Self.limit { threads.removeAll() }
        threads[track] = key.thread.comm
        untold.append(.with { new in
            (new.uuid, new.parentUuid) = (track, parent)
            new.thread = .with {
                ($0.pid, $0.tid) = (Int32(truncatingIfNeeded: key.thread.pid), Int64(key.thread.tid))
                $0.threadName = key.thread.comm.text
            }
        })
        return track
    }

    private mutating func process(of key: ThreadKey, _ names: TraceNames) -> UInt64 {
        let name = names.processName(key)
        let known = names.process(key.process, pid: key.thread.pid)
        let track = mixed(mixed(seed, UInt64(key.process) << 32 | UInt64(key.thread.pid)), known == nil ? 0 : name.hashed)
        if processes.count >= Self.limit { processes.removeAll() }
        if processes.insert(track).inserted {
            untold.append(.with { ($0.uuid, $0.process) = (track, .process(key.thread.pid, name, known)) })
        }
        return track
    }
}

extension PerfettoProcessDescriptor {
    fileprivate static func process(_ pid: UInt32, _ name: String, _ known: TracedProcess?) -> Self {
        .with {
            ($0.pid, $0.processName) = (Int32(truncatingIfNeeded: pid), name)
            guard let known else { return }
            $0.cmdline = known.commandLine.split(separator: " ").map(String.init)
            if known.bornNs > 0 { $0.startTimestampNs = Int64(clamping: known.bornNs) }
            if !known.package.isEmpty { $0.processLabels = [known.package] }
        }
    }
}

/// Two numbers made one that hardly any other two make. Never zero, which stands for no track.
func mixed(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let (high, low) = (one ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: other ^ 0xe703_7ed1_a0b4_28db)
    return max(1, (high ^ low) &+ one.byteSwapped)
}

extension String {
    /// The same in each run (FNV-1a).
    fileprivate var hashed: UInt64 { utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }
}
