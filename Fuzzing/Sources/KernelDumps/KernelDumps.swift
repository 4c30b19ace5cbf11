import FaultModel
import FuzzSupport
import JSONText
import OfflinePreflight

/// Files that somebody has fetched from a device to have it judged: an input is a configuration, or all three behind each other.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let files = FuzzInput.files(FuzzInput.bytes(start, count), limit: 3)
    judge(files[0], files.count > 1 ? files[1] : nil, files.count > 2 ? files[2] : nil)
    if files.count == 1 {
        judge(configuration, files[0], nil)
        judge(configuration, nil, files[0])
    }
    return 0
}

private func judge(_ config: [UInt8], _ tracepoints: [UInt8]?, _ symbols: [UInt8]?) {
    do throws(DumpError) {
        let report = try OfflinePreflight(config: config, tracepoints: tracepoints, symbols: symbols).report()
        var json = JSONText()
        report.write(to: &json)
        _ = report.text()
        require(report.sources.count == FaultSource.allCases.count, "each source is judged")
    } catch {
        require(!error.text.isEmpty, "an error says what is wrong")
    }
}

/// The least that is taken for a configuration, for lists that come alone.
private let configuration = Array("""
    # Linux/arm64 6.1.55 Kernel Configuration
    CONFIG_ARM64=y
    CONFIG_FTRACE=y
    CONFIG_PERF_EVENTS=y

    """.utf8)
