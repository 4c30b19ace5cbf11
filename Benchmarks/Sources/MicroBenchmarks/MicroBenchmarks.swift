import Benchmark
import FaultModel
import FaultPatterns
import TraceModel
import TraceReport
import WireProtocol

/// What each step of an event's way costs alone, and what it allocates. A step is measured over 100,000 events.
private let events = 100_000

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .peakMemoryResident], maxDuration: .seconds(2), maxIterations: 200)
    for kind in FaultPattern.Kind.allCases {
        codec(kind)
        attribution(kind)
        aggregation(kind)
    }
}

private func codec(_ kind: FaultPattern.Kind) {
    Benchmark("encode, \(kind.rawValue)") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(FaultPattern.payloads(kind, events)) }
    }
    Benchmark("decode, \(kind.rawValue)") { benchmark in
        let payloads = FaultPattern.payloads(kind, events)
        var faults: [PageFault] = []
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            var decoder = BatchDecoder()
            for payload in payloads {
                faults.removeAll(keepingCapacity: true)
                try decoder.decode(payload, into: &faults)
            }
            blackHole(faults)
        }
    }
}

/// To each fault its mapping, its instruction's, and its cause.
private func attribution(_ kind: FaultPattern.Kind) {
    Benchmark("attribute, \(kind.rawValue)") { benchmark in
        var faults = try decoded(kind)
        var finder = FaultPattern.causes()
        var names = TraceNames()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { finder.explain(&faults, &names) }
        blackHole(faults)
    }
}

private func aggregation(_ kind: FaultPattern.Kind) {
    Benchmark("sum up, \(kind.rawValue)") { benchmark in
        let faults = try decoded(kind)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            var statistics = FaultStatistics()
            for fault in faults { statistics.add(fault) }
            blackHole(statistics.totals)
        }
    }
}

private func decoded(_ kind: FaultPattern.Kind) throws -> [PageFault] {
    var decoder = BatchDecoder()
    var faults: [PageFault] = []
    for payload in FaultPattern.payloads(kind, events) { try decoder.decode(payload, into: &faults) }
    return faults
}
