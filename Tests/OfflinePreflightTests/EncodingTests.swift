import FaultModel
import Testing

@testable import OfflinePreflight

@Suite struct EncodingTests {
    private static let text = Device.arm64().config

    private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
        let units = [0xfeff] + Array(text.utf16)
        return units.flatMap { unit in
            let pair = [UInt8(unit & 0xff), UInt8(unit >> 8)]
            return isBig ? pair.reversed() : pair
        }
    }

    private static func windows(_ text: String) -> String { text.split(separator: "\n").joined(separator: "\r\n") + "\r\n" }

    static let encodings: [(String, [UInt8])] = [
        ("UTF-8", Array(text.utf8)),
        ("without a last newline", Array(text.utf8.dropLast())),
        ("with carriage returns", Array(windows(text).utf8)),
        ("with a mark", [0xef, 0xbb, 0xbf] + Array(text.utf8)),
        ("UTF-16 LE", utf16(text, isBig: false)),
        ("UTF-16 LE with carriage returns", utf16(windows(text), isBig: false)),
        ("UTF-16 BE", utf16(text, isBig: true)),
        ("gzip", Gzip.packed(Array(text.utf8))),
        ("gzip of UTF-16", Gzip.packed(utf16(text, isBig: false))),
    ]

    @Test(arguments: encodings)
    func theReportIsTheSameInEachEncoding(_ name: String, _ bytes: [UInt8]) throws {
        #expect(try OfflinePreflight(config: bytes).report() == Device.arm64().report())
    }

    @Test(arguments: [false, true])
    func theOtherListsComeInThemToo(_ isBig: Bool) throws {
        let report = try OfflinePreflight(
            config: Array(Device.x86().config.utf8),
            tracepoints: Self.utf16("sched:sched_switch\r\ntask:task_newtask\r\n", isBig: isBig),
            symbols: Gzip.packed(Array(symbols("0000000000000000 T handle_mm_fault").utf8))
        ).report()
        #expect(report.sources.first?.reason == "the list has no exceptions:page_fault_user and no exceptions:page_fault_kernel")
    }

    // MARK: - Refusals

    private static let archive = Gzip.packed(Array(text.utf8))

    static let refusals: [(Dump, [UInt8], DumpError.Problem)] = [
        (.config, [], .empty),
        (.config, Array(" \r\n\n".utf8), .empty),
        (.config, [0xff, 0xfe], .empty),
        (.config, Gzip.packed([]), .empty),
        (.config, Array(archive.dropLast(9)), .damagedArchive),
        (.config, Array(archive.prefix(12)), .damagedArchive),
        (.config, Array(archive.prefix(2)), .damagedArchive),
        (.config, archive.prefix(60) + [0, 0, 0] + archive.dropFirst(63), .damagedArchive),
        (.config, [0xff, 0xfe, 0x1f, 0, 0x39, 0x20, 0x08, 0], .rewrittenArchive),
        (.config, [0x1f, 0xef, 0xbf, 0xbd, 0x08], .rewrittenArchive),
        (.config, Gzip.packed(archive), .packedTwice),
        (.symbols, Array(symbols("ffffffff81000000 T exc_page_fault").utf8), .otherMachine),
        (.config, [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], .binary),
        (.config, Array("CONFIG_KPROBES=y\0\n".utf8), .binary),
        (
            .config, Array("cat: /proc/config.gz: No such file or directory\n".utf8),
            .complaint("cat: /proc/config.gz: No such file or directory")
        ),
        (.config, Array("\nadb: error: failed to stat remote object\r\n".utf8), .complaint("adb: error: failed to stat remote object")),
        (.config, Array("hello\nworld\n".utf8), .otherText),
        (.config, Array("$ zcat /proc/config.gz | grep BPF_S\nCONFIG_BPF_SYSCALL=y\n$ exit\n".utf8), .otherText),
        (.config, Array("CONFIG_BPF_SYSCALL=y\nCONFIG_ARM64=y\n".utf8), .fragment),
        (.config, Array("CONFIG_PERF_EVENTS=y\n".utf8), .fragment),
        (.config, Array("# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_PERF_EVENTS=y\n".utf8), .fragment),
        (.config, Array(text.utf8) + Array("CONFIG_KPRO".utf8), .fragment),
        (.config, Array(text.utf8) + Array("CONFIG_KPROBES=".utf8), .fragment),
        (.config, Array(text.utf8) + Array("# CONFIG_KPROBES is n".utf8), .fragment),
        (.tracepoints, Array("adb: no devices/emulators found\n".utf8), .complaint("adb: no devices/emulators found")),
        (.tracepoints, Array("one two\nthree\n".utf8), .otherText),
        (.tracepoints, Array(text.utf8), .otherText),
        (.tracepoints, [], .empty),
        (.symbols, Array("cat: /proc/kallsyms: Permission denied".utf8), .complaint("cat: /proc/kallsyms: Permission denied")),
        (.symbols, Array("sched:sched_switch\n".utf8), .otherText),
        (.symbols, [0x1f, 0x8b], .damagedArchive),
    ]

    @Test(arguments: refusals)
    func whatIsNotTheDumpIsRefused(_ dump: Dump, _ bytes: [UInt8], _ problem: DumpError.Problem) {
        #expect(throws: DumpError(dump: dump, problem: problem)) {
            _ = try OfflinePreflight(
                config: dump == .config ? bytes : Array(Self.text.utf8), tracepoints: dump == .tracepoints ? bytes : nil,
                symbols: dump == .symbols ? bytes : nil)
        }
    }

    @Test(arguments: refusals)
    func aRefusalIsOneSentenceThatSaysWhatToDo(_ dump: Dump, _ bytes: [UInt8], _ problem: DumpError.Problem) {
        let text = DumpError(dump: dump, problem: problem).text
        #expect(text.contains("; fetch it with: adb "))
        #expect(!text.contains("\n"))
    }

    /// The archive is small, and what it unpacks to is not.
    @Test func nothingIsTakenBeyondTheCap() {
        let long = [UInt8](repeating: UInt8(ascii: "#"), count: Dump.config.byteCap + 1)
        for bytes in [long, Gzip.packed(long)] {
            #expect(throws: DumpError(dump: .config, problem: .tooLong)) { _ = try OfflinePreflight(config: bytes) }
        }
    }

    @Test func aFewLinesOfAConsoleDoNoHarm() throws {
        let console = "* daemon started successfully\n" + Self.text
        #expect(try OfflinePreflight(config: Array(console.utf8)).report() == Device.arm64().report())
    }
}
