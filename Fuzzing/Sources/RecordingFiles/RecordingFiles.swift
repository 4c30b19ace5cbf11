import FuzzSupport
import Recording
import TerminalView
import TraceModel
import TraceReport

/// A file that is said to be a recording, read and reported: as it is, and with checksums that fit.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = FuzzInput.bytes(start, count)
    let mended = FrameList(bytes, isSealed: true).bytes
    report(bytes, variant: count)
    if mended != bytes { report(mended, variant: count) }
    return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int, _ seed: UInt32) -> Int {
    FrameMutator(isSealed: true).mutate(data, size, capacity, seed)
}

private let file = MemoryFile()

/// `faultline report`.
///
/// - Parameter variant: any number; with another one faults are added up by something else.
private func report(_ bytes: [UInt8], variant: Int) {
    file.fill(bytes)
    guard let replay = try? Replay(file.path) else { return }
    let (header, groupings) = (replay.header, ReportGrouping.allCases)
    let builder = ReportBuilder(by: groupings[variant % groupings.count], joinsProcesses: variant % 2 == 0) { report in
        _ = ReportText(report, origin: [header.device.name], top: ReportText.groupsShown, isColored: false).text
    }
    let played = replay.run(into: OrderedOutput<Never>(builder, order: .ofComing), foretellsNames: variant % 3 == 0)
    _ = EndingReport(played.summary, isColored: false).text
    require(played.cutBytes <= bytes.count, "no more is cut off than there is")
}
