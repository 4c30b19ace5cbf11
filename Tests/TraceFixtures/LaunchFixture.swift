public import FaultModel
import Synchronization
import TraceModel
public import TraceReport
public import WireProtocol

/// What a trace of these faults comes to as an app's start, told in any order.
public func launchFaults(_ faults: [PageFault], _ news: [AgentMessage] = []) throws -> LaunchFaults {
    let box = Box()
    let builder = LaunchBuilder<Never> { box.faults.withLock { [faults = $0] in $0 = faults } }
    var script = AgentScript()
    var assembly = TraceAssembly(hello: script.hello, wantsSymbols: false, output: OrderedOutput<Never>(builder, order: .ofComing))
    let batch = script.batch(faults.reversed())
    for message in [.started(script.started)] + news + [batch, script.bye] { try assembly.take(message, at: .now) }
    _ = assembly.finish()
    return box.faults.withLock { $0! }
}

private final class Box: Sendable {
    let faults = Mutex<LaunchFaults?>(nil)
}

/// A start that was asked for 100 ms after the trace began and drawn 300 ms later: one fault before it, three reads of its package and a
/// fresh page until it is drawn, and one afterwards.
public func launchReport() throws -> LaunchReport {
    let apk: UInt64 = 0x7f00_0000_0000
    let memory: UInt64 = 0x10_0000_0000
    let mappings = Mappings(
        timeNs: 1, pid: 100,
        list: [
            MemoryMapping(start: memory, end: memory + 0x10_0000, kind: .anonymous),
            MemoryMapping(start: apk, end: apk + 0x10_0000, offset: 0x4000, kind: .filePrivate, isWritable: false, name: "/data/app/base.apk"),
        ])
    let faults = [
        launchFault(50, 1000, at: apk + 0x8000, readMinor), launchFault(200, 4_000_000, at: apk + 0x10, readMajor),
        launchFault(210, 2_000_000, at: apk + 0x1000, readMajor), launchFault(150, 6_000_000, at: apk + 0x40fff, readMajor),
        launchFault(300, 1000, at: memory, userWrite | 0x01 << 6), launchFault(450, 2000, at: memory + 0x1000, userWrite | 0x01 << 6),
    ]
    let launch = Launch(
        package: "com.example.app", activity: ".Main", isCold: true, state: "COLD", startNs: 1_100_000_000, displayedAfterNs: 300_000_000,
        waitedNs: 310_000_000)
    return LaunchReport(launch, try launchFaults(faults, [.mappings(mappings)]))
}

private let readMinor: UInt8 = 0x01 | 0x01 << 2 | 0x01 << 4 | 0x01 << 6
private let readMajor: UInt8 = 0x01 | 0x01 << 2 | 0x01 << 4 | 0x02 << 6

private func launchFault(_ afterMs: UInt64, _ latencyNs: UInt64, at address: UInt64, _ traits: UInt8) -> PageFault {
    var next = fault(1_000_000_000 + afterMs * 1_000_000, traits: traits, code: .x86(traits & 0x08 != 0 ? 6 : 4), address: address)
    next.latencyNs = latencyNs
    return next
}
