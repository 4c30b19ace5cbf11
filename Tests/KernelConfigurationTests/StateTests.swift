import Testing

@testable import KernelConfiguration

@Suite struct StateTests {
    private func parse(_ lines: String...) -> KernelConfig { KernelConfig(text: Array(lines.joined(separator: "\n").utf8)) }

    private let heading = "# Linux/arm64 5.10.101 Kernel Configuration"

    @Test(arguments: [
        ("# Linux/arm64 4.4.146 Kernel Configuration", "arm64", "4.4.146"),
        ("# Linux/x86_64 3.10.0 Kernel Configuration", "x86_64", "3.10.0"),
        ("# Linux/arm 6.1.0-13 Kernel Configuration", "arm", "6.1.0-13"),
    ])
    func headings(_ line: String, _ arch: String, _ release: String) {
        #expect(parse(line).arch == arch)
        #expect(parse(line).release == release)
    }

    @Test(arguments: ["# Linux/arm64 5.10 Configuration", "# Linux/ a b c d", "Linux/arm64 5.10.1 Kernel Configuration"])
    func noHeadings(_ line: String) { #expect(parse(line).release == nil) }

    @Test func whatIsNotMentionedIsOffInAWholeConfigurationOnly() {
        #expect(parse(heading, "CONFIG_KPROBES=y").state(.uprobeEvents) == false)
        #expect(parse("CONFIG_MMU=y", "CONFIG_KPROBES=y").state(.uprobeEvents) == false)
        #expect(parse("CONFIG_KPROBES=y").state(.uprobeEvents) == nil)
        #expect(parse("CONFIG_KPROBES=y").state(.kprobes) == true)
        #expect(parse("# CONFIG_KPROBES is not set").state(.kprobes) == false)
    }

    @Test func olderKernelsCallTwoOptionsWithoutTheS() {
        #expect(parse("CONFIG_KPROBE_EVENT=y").isOn(.kprobeEvents))
        #expect(parse("CONFIG_UPROBE_EVENT=y").isOn(.uprobeEvents))
        #expect(!parse("CONFIG_KPROBE_EVENTS_ON_NOTRACE=y").isOn(.kprobeEvents))
    }

    private static let probes = ["CONFIG_BPF_SYSCALL=y", "CONFIG_PERF_EVENTS=y", "CONFIG_UPROBE_EVENTS=y"]

    @Test(arguments: [
        ("4.9.227", probes, true), ("4.1.0", probes, true), ("4.0.9", probes, false),
        ("4.9.227", Array(probes.dropLast()), false), ("4.9.227", Array(probes.dropFirst()), false),
        ("4.9.227", probes + ["# CONFIG_BPF_EVENTS is not set"], false),
        ("3.18.1", ["CONFIG_BPF_EVENTS=y"], true),
    ])
    func bpfEventsFollowFromOthers(_ release: String, _ options: [String], _ expected: Bool) {
        let config = KernelConfig(
            text: Array((["# Linux/arm64 \(release) Kernel Configuration"] + options).joined(separator: "\n").utf8))
        #expect(config.state(.bpfEvents) == expected)
    }

    @Test func aPartLeavesThemOpen() {
        #expect(parse("CONFIG_BPF_SYSCALL=y", "CONFIG_PERF_EVENTS=y").state(.bpfEvents) == nil)
        #expect(parse("# CONFIG_BPF_SYSCALL is not set").state(.bpfEvents) == false)
    }

    @Test(arguments: [("\"-perf\"", "-perf"), ("\"\"", ""), ("7", "7"), ("\"", "\"")])
    func strings(_ value: String, _ text: String) {
        #expect(parse("CONFIG_LOCALVERSION=" + value).text(.localVersion) == text)
    }

    @Test func blanksBehindALineDoNotMatter() {
        #expect(parse("CONFIG_KPROBES=y \t\r").isOn(.kprobes))
        #expect(parse("# CONFIG_KPROBES is not set  ")[.kprobes] == .off)
    }

    @Test func speculationIsAShortcomingBesideOthers() {
        let speculative = KernelOption.allCases.map { $0.rawValue + "=y" }.joined(separator: "\n")
        let alone = parse(speculative).shortcomings
        #expect(alone?.findings == "CONFIG_SPECULATIVE_PAGE_FAULT is on")
        #expect(alone?.areGrave == false)
        let both = parse(speculative, "# CONFIG_KPROBES is not set").shortcomings
        #expect(both?.findings == "CONFIG_KPROBES is off, CONFIG_SPECULATIVE_PAGE_FAULT is on")
        #expect(both?.cost.contains("Costs the kprobe source;") == true)
        #expect(both?.cost.hasSuffix(KernelConfig.speculationCost) == true)
    }

    @Test func gravityIsTheLossOfBPFOrOfEverything() {
        func grave(_ option: KernelOption) -> Bool? {
            parse(heading, KernelOption.allCases.map { $0.rawValue + ($0 == option ? "=n" : "=y") }.joined(separator: "\n"))
                .shortcomings?.areGrave
        }
        for option in [KernelOption.bpfSyscall, .perfEvents, .bpfEvents] { #expect(grave(option) == true) }
        for option in [KernelOption.kprobes, .debugInfoBTF, .bpfJIT, .directCalls] { #expect(grave(option) == false) }
    }
}
