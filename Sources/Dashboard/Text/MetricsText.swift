import FaultModel
import LiveModel
import TraceModel

/// Traces in Prometheus's text form, version 0.0.4.
struct MetricsText {
    /// Every second step of latency is a bucket: from 1.024 us to 4.3 s.
    private static let buckets = Array(stride(from: 2, to: LatencyStep.count - 1, by: 2))

    private(set) var text = ""

    init(_ traces: [LiveTrace]) {
        let devices = traces.map { (label: $0.label, metrics: $0.metrics) }
        faults(devices)
        latencies(devices)
        family("lost_page_faults_total", "counter", "Page faults that passed the filters and found no room.", devices) { Double($0.lost) }
        family("device_up", "gauge", "Whether the device is being traced.", devices) { $0.isConnected ? 1 : 0 }
        family("trace_sessions_total", "counter", "How often the device came.", devices) { Double($0.sessions) }
        family("agent_cpu_seconds_total", "counter", "CPU time that the agent took on the device.", devices) { Double($0.agentCPUTimeNs) / 1e9 }
        family("agent_resident_memory_bytes", "gauge", "The agent's memory on the device.", devices) { $0.agentResidentBytes.map(Double.init) }
        family("agent_events_sent_total", "counter", "Page faults that the agent sent.", devices) { Double($0.agentEvents) }
        family("agent_sent_bytes_total", "counter", "Bytes that the agent sent.", devices) { Double($0.agentBytesSent) }
        info(devices)
    }

    private typealias Device = (label: String, metrics: LiveMetrics)

    // MARK: Families

    private mutating func faults(_ devices: [Device]) {
        head("page_faults_total", "counter", "Page faults, by package or process, cause and outcome.")
        for device in devices {
            for series in device.metrics.counters.series {
                for cause in Optional<FaultCause>.everyCase {
                    for outcome in Optional<FaultOutcome>.everyCase {
                        let events = series.events(cause, outcome)
                        guard events > 0 else { continue }
                        sample(
                            "page_faults_total",
                            [
                                ("device", device.label), ("process", series.name), ("cause", cause?.name ?? "unknown"),
                                ("outcome", outcome?.name ?? "unknown"),
                            ], Double(events))
                    }
                }
            }
        }
    }

    private mutating func latencies(_ devices: [Device]) {
        head("page_fault_latency_seconds", "histogram", "How long page faults took, by cause.")
        for device in devices {
            for cause in Optional<FaultCause>.everyCase {
                let (steps, sumNs) = device.metrics.counters.latency(cause)
                let counts = Array(steps)
                let all = counts.dropFirst().reduce(0, +)
                guard all > 0 else { continue }
                let labels = [("device", device.label), ("cause", cause?.name ?? "unknown")]
                for bucket in Self.buckets {
                    let until = Self.number(Double(LatencyStep.endNs(bucket)) / 1e9)
                    sample("page_fault_latency_seconds_bucket", labels + [("le", until)], Double(counts[1...bucket].reduce(0, +)))
                }
                sample("page_fault_latency_seconds_bucket", labels + [("le", "+Inf")], Double(all))
                sample("page_fault_latency_seconds_sum", labels, Double(sumNs) / 1e9)
                sample("page_fault_latency_seconds_count", labels, Double(all))
            }
        }
    }

    private mutating func info(_ devices: [Device]) {
        head("trace_info", "gauge", "How each device is traced; always 1.")
        for device in devices {
            guard let session = device.metrics.session else { continue }
            sample(
                "trace_info",
                [
                    ("device", device.label), ("kernel", session.report.kernel.release), ("arch", session.report.kernel.arch),
                    ("source", session.source.name), ("agent_version", session.agentVersion), ("sample", "\(session.sampleEvery)"),
                ], 1)
        }
    }

    /// - Parameter value: nil: there is none.
    private mutating func family(_ name: String, _ type: String, _ help: String, _ devices: [Device], _ value: (LiveMetrics) -> Double?) {
        head(name, type, help)
        for device in devices {
            if let value = value(device.metrics) { sample(name, [("device", device.label)], value) }
        }
    }

    // MARK: Lines

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP faultline_\(name) \(help)\n# TYPE faultline_\(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
        text += "faultline_\(name){\(pairs.joined(separator: ","))} \(Self.number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 9e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension Optional where Wrapped: CaseIterable {
    /// Each case, and none.
    fileprivate static var everyCase: [Wrapped?] { [nil] + Wrapped.allCases.map { $0 } }
}
