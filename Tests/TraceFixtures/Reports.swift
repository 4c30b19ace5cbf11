public import FaultModel
import Synchronization
import TraceModel
public import TraceReport
public import WireProtocol

/// What a trace of these faults comes to, told in any order.
public func report(
    by grouping: ReportGrouping, _ faults: [PageFault], _ news: [AgentMessage] = [], order: ReportOrder = .faults, joinsProcesses: Bool = false,
    sampleEvery: UInt32 = 1, durationNs: UInt64 = 1_000_000_000
) throws -> TraceReport {
    let box = ReportBox()
    let builder = ReportBuilder(by: grouping, order: order, joinsProcesses: joinsProcesses) { report in box.report.withLock { $0 = report } }
    var script = AgentScript()
    var assembly = TraceAssembly(hello: script.hello, sampleEvery: sampleEvery, wantsSymbols: false, output: OrderedOutput<Never>(builder, order: .ofComing))
    for message in [.started(script.started)] + news + [script.batch(faults.reversed()), script.bye(afterNs: durationNs)] { try assembly.take(message, at: .now) }
    _ = assembly.finish()
    return box.report.withLock { $0! }
}

private final class ReportBox: Sendable {
    let report = Mutex<TraceReport?>(nil)
}

/// Four faults of two processes, each of another kind.
public let reportedFaults: [PageFault] = (0..<4).map { number in
    let kinds: [UInt8] = [userWrite | 0x01 << 6, userReadPresent | 0x02 << 6, kernelRead]
    var next = fault(1_000_000_000 + UInt64(number) * 100_000, pid: number == 3 ? 200 : 100, traits: kinds[number % 3])
    next.latencyNs = number == 2 ? nil : UInt64(number + 1) * 1000
    return next
}
