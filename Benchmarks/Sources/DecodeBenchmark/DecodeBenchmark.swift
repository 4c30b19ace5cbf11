import FaultModel
import FaultPatterns
import TraceModel
import WireProtocol

/// How many events one core of the controller takes: batches are decoded, their faults get causes if that is wanted, and are
/// counted, as in a trace.
///
/// Usage: decode-benchmark EVENTS. Prints one JSON object of events a second by pattern, the median of five runs each.
@main
struct DecodeBenchmark {
    private static let repetitions = 5

    static func main() throws(WireError) {
        let events = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 5_000_000
        var rates: [String] = []
        for kind in FaultPattern.Kind.allCases {
            let payloads = FaultPattern.payloads(kind, events / repetitions)
            for withCauses in [false, true] {
                var measured: [Double] = []
                for _ in 0..<repetitions { measured.append(try rate(payloads, withCauses ? FaultPattern.causes() : nil)) }
                let name = kind.rawValue + (withCauses ? "_with_causes" : "")
                rates.append("\"\(name)\": \(Int(measured.sorted()[repetitions / 2]))")
            }
        }
        print("{" + rates.joined(separator: ", ") + "}")
    }

    private static func rate(_ payloads: [[UInt8]], _ finder: CauseFinder?) throws(WireError) -> Double {
        var causes = finder
        var names = TraceNames()
        var decoder = BatchDecoder()
        var statistics = FaultStatistics()
        var faults: [PageFault] = []
        let clock = ContinuousClock()
        let start = clock.now
        for payload in payloads {
            faults.removeAll(keepingCapacity: true)
            try decoder.decode(payload, into: &faults)
            causes?.explain(&faults, &names)
            for fault in faults { statistics.add(fault) }
        }
        if finder != nil, statistics.byCause.first?.cause == nil { fatalError("most faults have no cause") }
        return Double(statistics.totals.events) / ((clock.now - start) / .seconds(1))
    }
}
