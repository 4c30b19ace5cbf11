import Benchmark
import CFaultRecord
import FaultModel
import FaultPatterns
import TraceModel
import TraceReport
import WireProtocol

/// What each step of an event's way costs alone: a million events an iteration, told by the event.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], timeUnits: .nanoseconds, scalingFactor: .mega, maxDuration: .seconds(3), maxIterations: 50)
    for kind in FaultPattern.Kind.allCases {
        encoding(kind)
        decoding(kind)
        attribution(kind)
        aggregation(kind)
    }
}

/// What the agent does: records become batches.
private func encoding(_ kind: FaultPattern.Kind) {
    Benchmark("encode, \(kind.rawValue)") { benchmark in
        let records = FaultPattern.records(kind, benchmark.scaledIterations.count)
        var encoder = BatchEncoder()
        var bytes = 0
        benchmark.startMeasurement()
        for record in records {
            encoder.append(record, timeNs: record.time_ns)
            if encoder.isFull { encoder.take { frame in bytes += frame.count } }
        }
        blackHole(bytes)
    }
}

private func decoding(_ kind: FaultPattern.Kind) {
    Benchmark("decode, \(kind.rawValue)") { benchmark in
        let payloads = FaultPattern.payloads(kind, benchmark.scaledIterations.count)
        var faults: [PageFault] = []
        var decoder = BatchDecoder()
        benchmark.startMeasurement()
        for payload in payloads {
            faults.removeAll(keepingCapacity: true)
            try decoder.decode(payload, into: &faults)
        }
        blackHole(faults)
    }
}

/// To each fault its mapping, its instruction's, and its cause.
private func attribution(_ kind: FaultPattern.Kind) {
    let finder = FaultPattern.causes()
    Benchmark("attribute, \(kind.rawValue)") { benchmark in
        var batches = try FaultPattern.batches(kind, benchmark.scaledIterations.count)
        var (finder, names) = (finder, TraceNames())
        benchmark.startMeasurement()
        for number in batches.indices { finder.explain(&batches[number], &names) }
        blackHole(batches)
    }
}

private func aggregation(_ kind: FaultPattern.Kind) {
    Benchmark("sum up, \(kind.rawValue)") { benchmark in
        let batches = try FaultPattern.batches(kind, benchmark.scaledIterations.count)
        var statistics = FaultStatistics()
        benchmark.startMeasurement()
        for batch in batches {
            for fault in batch { statistics.add(fault) }
        }
        blackHole(statistics.totals)
    }
}

extension FaultPattern {
    fileprivate static func records(_ kind: Kind, _ count: Int) -> [fault_record] {
        var pattern = FaultPattern(kind)
        return (0..<count).map { _ in pattern.next() }
    }

    /// The faults as they come, batch by batch.
    fileprivate static func batches(_ kind: Kind, _ count: Int) throws -> [[PageFault]] {
        var decoder = BatchDecoder()
        return try payloads(kind, count).map { payload in
            var faults: [PageFault] = []
            try decoder.decode(payload, into: &faults)
            return faults
        }
    }
}
