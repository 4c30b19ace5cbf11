import FaultModel
import FuzzSupport
import KernelConfiguration
@testable import Preflight

/// What the preflight reads of /proc, /sys and tracefs, all of it from each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = FuzzInput.bytes(start, count)
    readWords(KernelFiles.trimmed(bytes[...]))
    readLog(bytes)
    readFile(bytes)
    return 0
}

private func readWords(_ text: String) {
    _ = Lockdown(text: text)
    _ = KernelVersion(release: text)
    _ = ProcessFacts.mapsEveryUser(text)
    _ = ProcessFacts.namesSeccompFilter(text)
    let mode = PreflightReport.SELinux.Mode(enforce: .success(text), filesystems: .success(text))
    _ = PreflightReport.SELinux.domain(text, in: mode)
}

private func readLog(_ bytes: [UInt8]) {
    for denial in Denial.all(in: bytes[...]) {
        require(denial.rule.hasPrefix("allow "), "a denial becomes a rule: \(denial)")
        _ = TracingCall.bpf.isAbout(denial)
    }
}

private let file = MemoryFile()

/// A tracepoint's `id`, and the configuration, packed or not.
private func readFile(_ bytes: [UInt8]) {
    file.fill(bytes)
    if let number = KernelFiles.number(file.path).value { require(bytes.contains { $0 > 0x20 }, "\(number) stands there") }
    guard let text = KernelFiles.unpackedBytes(file.path, limit: 1 << 20).value else { return }
    let config = KernelConfig(text: text)
    for option in KernelOption.allCases { _ = (config.isOn(option), config.text(option), config.state(option)) }
}
