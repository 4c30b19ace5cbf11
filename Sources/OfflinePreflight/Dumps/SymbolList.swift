/// A function of the kernel whose presence decides something.
enum KernelSymbol: String, CaseIterable, Sendable {
    case handleFault = "handle_mm_fault"
    /// What kernels with Android's speculative page faults of 5.15 have in its place.
    case doHandleFault = "do_handle_mm_fault"
    /// arm64's entry for every abort.
    case doMemAbort = "do_mem_abort"
    /// Every kernel that can run BPF trampolines or not has one; a weak one only says that it cannot.
    case prepareTrampoline = "arch_prepare_bpf_trampoline"
    case registerDirect = "register_ftrace_direct"
    /// x86's entry for page faults since 5.8 (commit 91eeafea1e4b).
    case excPageFault = "exc_page_fault"
    // Where the text begins, and what comes after it
    case text = "_text"
    case textStart = "_stext"
    case startKernel = "start_kernel"
}

/// What /proc/kallsyms says; its addresses, zeros to most readers, do not matter.
struct SymbolList: Sendable {
    /// The letter of nm(1) for each symbol of ours that is there.
    private var types: [KernelSymbol: UInt8] = [:]
    private(set) var count = 0

    init(dump: [UInt8]) throws(DumpError) {
        let text = try DumpText.utf8(dump, of: .symbols)
        var strangeLineCount = 0
        for line in text.split(separator: UInt8(ascii: "\n")) where !read(line) { strangeLineCount += 1 }
        if count <= strangeLineCount { throw .unlike(.symbols, text) }
    }

    /// Whether the kernel has it; nil when only a part of the list is there, and not in that.
    func contains(_ symbol: KernelSymbol) -> Bool? { types[symbol] != nil ? true : isWhole ? false : nil }

    /// Whether another definition would take its place, and none has (`W` in nm(1)).
    func isWeak(_ symbol: KernelSymbol) -> Bool { types[symbol].map { $0 | 0x20 == UInt8(ascii: "w") } ?? false }

    /// The list goes by address, so that with its begin and start_kernel, which is in the section after, all functions
    /// are there.
    private var isWhole: Bool { types[.startKernel] != nil && (types[.text] != nil || types[.textStart] != nil) }

    /// `ffffffc0101a2b3c T handle_mm_fault`, and behind a tab the module that it is in.
    /// - Returns: whether it is such a line, or an empty one.
    private mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
        let words = line.split(maxSplits: 3, whereSeparator: { $0 <= UInt8(ascii: " ") })
        if words.isEmpty { return true }
        guard words.count >= 3, words[0].allSatisfy(isHexDigit), words[1].count == 1 else { return false }
        count += 1
        if words.count == 3, let symbol = Self.wanted[words[2].count]?.first(where: { words[2].elementsEqual($0.rawValue.utf8) }) {
            types[symbol] = words[1].first
        }
        return true
    }

    /// By the length of their names: most lines are of no interest, and there are hundreds of thousands.
    private static let wanted = Dictionary(grouping: KernelSymbol.allCases) { $0.rawValue.utf8.count }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
}
