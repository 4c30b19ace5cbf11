import WireProtocol

/// The functions of one file, as far as they have been asked for: ranges of its places, none over another, each with a name or with
/// the knowledge that there is none.
struct FileFunctions: Sendable {
    /// Hexadecimal digits; empty: it has none, or nobody has told it.
    var buildID = ""
    /// Why nothing of this file has a name; nil: nobody has said so.
    var problem: String?
    /// Places that were asked for and have no name.
    var namelessPlaces = 0
    /// It is nothing that could have functions, so that none are missed.
    var isWithoutFunctions = false
    private var starts: [UInt64] = []
    private var ends: [UInt64] = []
    /// Empty: no function is there.
    private var names: [String] = []

    /// How many ranges are kept.
    var count: Int { starts.count }

    /// Every range with its name; empty: there is none.
    var symbols: [Symbols.Symbol] {
        starts.indices.map { Symbols.Symbol(start: starts[$0], end: ends[$0], name: names[$0]) }
    }

    /// The range that a place is in; nil: nobody has asked.
    func range(of place: UInt64) -> Int? {
        let next = countUntil(place)
        return next > 0 && place < ends[next - 1] ? next - 1 : nil
    }

    /// The name of a range and where it begins.
    func function(_ range: Int) -> (name: String, start: UInt64)? {
        names[range].isEmpty ? nil : (names[range], starts[range])
    }

    /// Keeps an answer, whatever part of it is new.
    mutating func add(_ start: UInt64, _ end: UInt64, _ name: String) {
        let next = countUntil(start)
        let from = next > 0 ? max(start, ends[next - 1]) : start
        let until = next < starts.count ? min(end, starts[next]) : end
        guard from < until else { return }
        starts.insert(from, at: next)
        ends.insert(until, at: next)
        names.insert(name, at: next)
    }

    /// How many ranges begin at a place or before it.
    private func countUntil(_ place: UInt64) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
