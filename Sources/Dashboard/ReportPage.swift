public import LiveModel

/// The page as one file that needs no server: all that its scripts can ask for is in it.
public struct ReportPage: Sendable {
    /// Processes that can be chosen, as long as there is room.
    private static let processLimit = 24
    private static let sizeLimit = 4 << 20

    /// UTF-8.
    public let bytes: [UInt8]

    public init(_ trace: LiveTrace) { bytes = PageDocument.bytes(Self.data(trace), .inlined) }

    /// The whole trace, and each of the processes with the most faults alone.
    private static func data(_ trace: LiveTrace) -> [UInt8] {
        var bytes = Array("{\"views\":{\"\":".utf8) + text(trace, nil)
        for row in trace.view(LiveQuery()).processes.prefix(processLimit) where bytes.count < sizeLimit {
            bytes += Array(",\"process=\(row.place)\":".utf8) + text(trace, row.place)
        }
        return bytes + Array("}}".utf8)
    }

    private static func text(_ trace: LiveTrace, _ process: Int?) -> [UInt8] {
        PageDocument.embeddable(ViewText([trace], Question(process: process)).bytes)
    }
}
