import FaultModel
import WireProtocol

extension Mappings {
    /// A list may hold 65,535 of them, and a frame a megabyte.
    private static let (countLimit, byteLimit) = (8192, 512 << 10)
    private static let fixedBytes = 44

    /// The same in as many messages as it takes.
    var pieces: [Mappings] {
        var pieces: [Mappings] = []
        var (piece, bytes) = (Mappings(timeNs: timeNs, pid: pid, list: []), 0)
        for mapping in list {
            if piece.list.count == Self.countLimit || bytes > Self.byteLimit {
                pieces.append(piece)
                (piece.list, bytes) = ([], 0)
            }
            piece.list.append(mapping)
            bytes += Self.fixedBytes + mapping.name.utf8.count
        }
        return piece.list.isEmpty ? pieces : pieces + [piece]
    }
}
