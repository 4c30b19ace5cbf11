import ArgumentParser
import FaultModel
@testable import FaultProbe
import FuzzSupport
import WireProtocol

/// A command line's filters, an argument a line: as the options read them, as they go over the wire, and as the agent makes the kernel's
/// settings of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let lines = FuzzInput.bytes(start, count).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let arguments = lines.map { String(decoding: $0, as: UTF8.self) }
    guard let options = try? FilterOptions.parse(arguments), let kernel = try? SourceOptions.parse([]) else { return 0 }
    _ = try? options.validate(with: kernel, command: arguments)
    let filter = options.filter
    require(sent(filter) == filter, "a filter comes out of the wire as it went in: \(filter)")
    checkNames(filter)
    return 0
}

private func sent(_ filter: FaultFilter) -> FaultFilter? {
    let frame = HostMessage.start(Start(filter: filter)).encoded()
    guard case .start(let start)? = try? HostMessage(RawFrame(type: FrameType.start.rawValue, payload: Array(frame.dropFirst(Frame.headerSize))))
    else { return nil }
    return start.filter
}

/// Whatever the command line lets through the agent takes, and it means by it what glob(7) does.
private func checkNames(_ filter: FaultFilter) {
    guard let kernel = try? KernelFilter(ProbeRequest(source: .perfRing, filter: filter), wakeAtBytes: 0) else {
        return require(false, "the agent takes what the command line lets through: \(filter)")
    }
    let automaton = RecordFilter(kernel)
    for name in names(filter) {
        let isWanted = (filter.comms.isEmpty || filter.comms.contains { Glob($0).matches(name) })
            && !filter.excludedComms.contains { Glob($0).matches(name) }
        let passes = withUnsafeBytes(of: padded(name)) { automaton.wants(user: 0, comm: $0.baseAddress!) }
        let ofAnyUser = filter.uids.isEmpty && !filter.excludedUids.contains(0)
        require(!ofAnyUser || passes == isWanted, "the automaton says of \(name) what the globs say: \(filter)")
    }
}

/// Names that the patterns may be about: their own bytes, and a few others.
private func names(_ filter: FaultFilter) -> [[UInt8]] {
    let literal = (filter.comms + filter.excludedComms).map { pattern in
        Array(pattern.utf8.filter { !"*?[]!^\\".utf8.contains($0) }.prefix { $0 != 0 }.prefix(15))
    }
    let parts = literal.map { Array($0.dropFirst()) } + literal.map { Array(($0 + $0).prefix(15)) }
    return literal + parts + ["kworker/0:1", "", "a-]"].map { Array($0.utf8) }
}

/// As the kernel keeps a name.
private func padded(_ name: [UInt8]) -> (UInt64, UInt64) {
    func word(_ place: Int) -> UInt64 {
        name.dropFirst(place).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }.littleEndian
    }
    return (word(0), word(8))
}

/// A glob that is tried token by token, each of them at every place that those before can have led to.
private struct Glob {
    private let tokens: [GlobToken]

    init(_ pattern: String) { tokens = GlobToken.tokens(of: pattern) }

    func matches(_ name: [UInt8]) -> Bool {
        tokens.reduce(into: [0]) { ends, token in ends = Self.ends(token, name, from: ends) }.contains(name.count)
    }

    /// - Parameter starts: in ascending order.
    private static func ends(_ token: GlobToken, _ name: [UInt8], from starts: [Int]) -> [Int] {
        guard let first = starts.first else { return [] }
        if token == .star { return Array(first...name.count) }
        return starts.filter { $0 < name.count && token.matches(name[$0]) }.map { $0 + 1 }
    }
}
