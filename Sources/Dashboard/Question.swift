import FaultModel
import Hummingbird
import HummingbirdCore
import LiveModel
import NIOCore
import Synchronization

/// What a browser wants to see of which device.
struct Question: Hashable, Sendable {
    /// Its place among the traces.
    var device = 0
    var query = LiveQuery()

    /// All of the only device, or one process of it.
    init(process: Int?) { query.process = process }

    /// - Returns: nil where there is no such device.
    init?(_ uri: URI, _ traces: [LiveTrace]) {
        let parameters = uri.queryParameters
        if let label = parameters.get("device") {
            guard let place = traces.firstIndex(where: { $0.label == label }) else { return nil }
            device = place
        }
        query.process = parameters.get("process").flatMap { Int($0) }
        query.causes = Self.values(parameters.get("cause"), FaultCause.allCases, \.name)
        query.accesses = Self.values(parameters.get("access"), FaultAccess.allCases, \.name)
        query.modes = Self.values(parameters.get("mode"), FaultMode.allCases, \.name)
        query.outcomes = Self.values(parameters.get("outcome"), FaultOutcome.allCases, \.name)
        query.lastNs = parameters.get("last").flatMap { UInt64($0) }.map { min($0, 1 << 32) * 1_000_000_000 }
        if let from = parameters.get("from").flatMap({ UInt64($0) }), let until = parameters.get("until").flatMap({ UInt64($0) }), from < until {
            query.range = from..<until
        }
    }

    /// `a,b`; `unknown` stands for what is not known.
    private static func values<Value: Hashable>(_ text: String?, _ all: [Value], _ name: (Value) -> String) -> Set<Value?> {
        let words = Set((text ?? "").split(separator: ",").map(String.init))
        return Set(all.filter { words.contains(name($0)) }.map { $0 } + (words.contains("unknown") ? [nil] : []) as [Value?])
    }
}

/// Answers of the last moment: browsers that look at the same are told the same.
final class AnswerCache: Sendable {
    private static let freshness = Duration.milliseconds(250)
    private static let limit = 64

    private let traces: [LiveTrace]
    private let answers = Mutex<[Question: (at: ContinuousClock.Instant, bytes: ByteBuffer)]>([:])

    init(_ traces: [LiveTrace]) { self.traces = traces }

    func answer(_ question: Question) -> ByteBuffer {
        let now = ContinuousClock.now
        if let known = answers.withLock({ $0[question] }), now - known.at < Self.freshness { return known.bytes }
        let bytes = ByteBuffer(bytes: ViewText(traces, question).bytes)
        answers.withLock { answers in
            if answers.count >= Self.limit { answers = answers.filter { now - $0.value.at < Self.freshness } }
            answers[question] = (now, bytes)
        }
        return bytes
    }
}
