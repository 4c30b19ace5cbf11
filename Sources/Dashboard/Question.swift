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

    /// What a browser looks at until its user chooses something else: so many last seconds of the first device, or all of a recording.
    static func first(of trace: LiveTrace) -> Question {
        var question = Question(process: nil)
        if !trace.isRecording { question.query.lastNs = 300 * 1_000_000_000 }
        return question
    }

    /// - Throws: `QuestionError` where the address asks for what there is not: the answer would be another than the asker thinks.
    init(_ uri: URI, _ traces: [LiveTrace]) throws(QuestionError) {
        var parameters: [String: String] = [:]
        for (name, value) in uri.queryParameters where parameters.updateValue(String(value), forKey: String(name)) != nil { throw .repeated }
        parameters["token"] = nil
        if let label = parameters.removeValue(forKey: "device") { device = try Self.place(of: label, traces) }
        query.process = try Self.number("process", &parameters).map { Int(clamping: $0) }
        query.causes = try Self.values("cause", &parameters, FaultCause.allCases, \.name)
        query.accesses = try Self.values("access", &parameters, FaultAccess.allCases, \.name)
        query.modes = try Self.values("mode", &parameters, FaultMode.allCases, \.name)
        query.outcomes = try Self.values("outcome", &parameters, FaultOutcome.allCases, \.name)
        query.lastNs = try Self.number("last", &parameters).map { min($0, 1 << 32) * 1_000_000_000 }
        query.range = try Self.range(&parameters)
        if !parameters.isEmpty { throw .unknownName }
    }

    private static func place(of label: String, _ traces: [LiveTrace]) throws(QuestionError) -> Int {
        guard let place = traces.firstIndex(where: { $0.label == label }) else { throw .unknownDevice }
        return place
    }

    private static func number(_ name: String, _ parameters: inout [String: String]) throws(QuestionError) -> UInt64? {
        guard let text = parameters.removeValue(forKey: name) else { return nil }
        guard let number = UInt64(text) else { throw .noNumber(name) }
        return number
    }

    private static func range(_ parameters: inout [String: String]) throws(QuestionError) -> Range<UInt64>? {
        switch (try number("from", &parameters), try number("until", &parameters)) {
        case (nil, nil): return nil
        case (let from?, let until?) where from < until: return from..<until
        default: throw .noRange
        }
    }

    /// `a,b`; `unknown` stands for what is not known.
    private static func values<Value: Hashable>(
        _ name: String, _ parameters: inout [String: String], _ all: [Value], _ word: (Value) -> String
    ) throws(QuestionError) -> Set<Value?> {
        guard let text = parameters.removeValue(forKey: name) else { return [] }
        let choices = [String: Value?](uniqueKeysWithValues: all.map { (word($0), $0) } + [("unknown", nil)])
        var values: Set<Value?> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = choices[String(part)] else { throw .unknownValue(name, of: all.map(word) + ["unknown"]) }
            values.insert(value)
        }
        return values
    }
}

/// Why a question has no answer.
enum QuestionError: Error, Equatable {
    case unknownDevice
    case unknownName
    case repeated
    case unknownValue(String, of: [String])
    case noNumber(String)
    case noRange
}

extension QuestionError: CustomStringConvertible {
    /// One sentence: what is wrong and what to ask instead. What was asked is not in it, for it may be anything.
    var description: String {
        switch self {
        case .unknownDevice: "There is no such device here."
        case .unknownName: "Only device, process, cause, access, mode, outcome, last, from and until can be asked for; leave out the rest."
        case .repeated: "A name stands there twice; give each once, and several values with commas between them."
        case .unknownValue(let name, let choices): "There is no such \(name); name one, or several with commas between them, of \(choices.joined(separator: ", "))."
        case .noNumber(let name): "\(name) is no whole number below 2^64; \(name == "last" ? "give seconds" : "give one")."
        case .noRange: "from and until go together, and from is the earlier one; give both in nanoseconds since the trace began."
        }
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
