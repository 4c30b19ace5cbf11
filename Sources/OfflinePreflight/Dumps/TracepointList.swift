/// The tracepoints that a device lists, by their exact names: phones have `iommu:io_page_fault` and
/// `kgsl:kgsl_mmu_pagefault`, which are no page faults of ours.
struct TracepointList: Sendable {
    private var names: Set<String> = []

    /// - Parameter dump: `available_events`, or the paths of the events' folders or files, a line each.
    init(dump: [UInt8]) throws(DumpError) {
        let text = try DumpText.utf8(dump, of: .tracepoints)
        var strangeLineCount = 0
        for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 })
            guard let word = words.first else { continue }
            if let name = Self.name(word) { names.insert(name) } else { strangeLineCount += 1 }
        }
        if names.count <= strangeLineCount { throw .unlike(.tracepoints, text) }
    }

    var count: Int { names.count }

    func contains(_ name: String) -> Bool { names.contains(name) }

    /// `sched:sched_switch`, from that or from `…/events/sched/sched_switch/id`.
    private static func name(_ word: ArraySlice<UInt8>) -> String? {
        let parts = word.contains(UInt8(ascii: "/"))
            ? pathParts(word) : word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isNamePart) }) else { return nil }
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ":")
    }

    private static func pathParts(_ word: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts = word.split(separator: UInt8(ascii: "/"))
        if let last = parts.last, files.contains(String(decoding: last, as: UTF8.self)) { parts.removeLast() }
        return parts.suffix(2)
    }

    /// What each event's folder holds.
    private static let files: Set = ["id", "format", "enable", "filter", "trigger", "hist"]

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
