import FaultModel
import SwiftProtobuf
import TraceModel
import TraceSchemas

/// A profile as it grows: what samples refer to is added when it first occurs.
struct ProfileBuilder {
    private var profile = PprofProfile()
    private let names: TraceNames
    private var strings: [String: Int64] = [:]
    private var locations: [StackFrame: UInt64] = [:]
    private var functions: [String: UInt64] = [:]
    private var mappings: [String: UInt64] = [:]

    init(_ names: TraceNames) {
        self.names = names
        _ = string("")
    }

    /// What the profile is of.
    mutating func describe(_ summary: TraceSummary) {
        let session = summary.session
        profile.sampleType = [type("faults", "count"), type("latency", "nanoseconds")]
        profile.defaultSampleType = string("faults")
        profile.periodType = type("faults", "count")
        profile.period = Int64(session.sampleEvery)
        profile.timeNanos = Int64(clamping: session.wallClockNs)
        profile.durationNanos = Int64(clamping: summary.durationNs)
        profile.comment = [string("page faults by \(session.source.name) on Linux \(session.report.kernel.release)")]
        if summary.lost > 0 { profile.comment.append(string("\(summary.lost) faults were lost and are in no sample")) }
    }

    /// - Parameter stack: the leaf first.
    mutating func add(_ stack: [StackFrame], process: String, cause: String?, faults: UInt64, latencyNs: UInt64) {
        var sample = PprofSample()
        sample.locationID = stack.map { location($0) }
        sample.value = [Int64(clamping: faults), Int64(clamping: latencyNs)]
        sample.label = [label("process", process)]
        if let cause { sample.label.append(label("cause", cause)) }
        profile.sample.append(sample)
    }

    /// All of it. `go tool pprof` takes the first mapping for the program, so files come before the likes of `[kernel]`.
    var finished: PprofProfile {
        let isFile = { (mapping: PprofMapping) in !profile.stringTable[Int(mapping.filename)].hasPrefix("[") }
        var finished = profile
        finished.mapping = profile.mapping.filter(isFile) + profile.mapping.filter { !isFile($0) }
        return finished
    }

    // MARK: Tables

    private mutating func type(_ name: String, _ unit: String) -> PprofValueType {
        let (name, unit) = (string(name), string(unit))
        return .with { ($0.type, $0.unit) = (name, unit) }
    }

    private mutating func label(_ key: String, _ value: String) -> PprofLabel {
        let (key, value) = (string(key), string(value))
        return .with { ($0.key, $0.str) = (key, value) }
    }

    private mutating func string(_ text: String) -> Int64 {
        if let known = strings[text] { return known }
        let number = Int64(profile.stringTable.count)
        profile.stringTable.append(text)
        strings[text] = number
        return number
    }

    private mutating func location(_ frame: StackFrame) -> UInt64 {
        if let known = locations[frame] { return known }
        let named = names.named(frame)
        let (mapping, function) = (mapping(named), function(named))
        let number = UInt64(profile.location.count + 1)
        profile.location.append(.with { new in
            (new.id, new.mappingID, new.address) = (number, mapping, named.offset)
            new.line = [.with { $0.functionID = function }]
        })
        locations[frame] = number
        return number
    }

    private mutating func function(_ frame: NamedFrame) -> UInt64 {
        let key = frame.function + "\0" + frame.mapping
        if let known = functions[key] { return known }
        let number = UInt64(profile.function.count + 1)
        let (name, file) = (string(frame.function), string(frame.mapping))
        profile.function.append(.with { ($0.id, $0.name, $0.systemName, $0.filename) = (number, name, name, file) })
        functions[key] = number
        return number
    }

    /// Zero: none. A mapping reaches as far into its file as the last place in it that occurs.
    private mutating func mapping(_ frame: NamedFrame) -> UInt64 {
        if frame.mapping.isEmpty { return 0 }
        let number = mappings[frame.mapping] ?? addMapping(frame)
        let place = Int(number) - 1
        profile.mapping[place].memoryLimit = max(profile.mapping[place].memoryLimit, frame.offset.addingOrMax(1))
        return number
    }

    private mutating func addMapping(_ frame: NamedFrame) -> UInt64 {
        let number = UInt64(profile.mapping.count + 1)
        let (file, build) = (string(frame.mapping), string(frame.buildID))
        profile.mapping.append(.with { ($0.id, $0.filename, $0.buildID, $0.hasFunctions_p) = (number, file, build, true) })
        mappings[frame.mapping] = number
        return number
    }
}
