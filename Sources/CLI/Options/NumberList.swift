import ArgumentParser

/// Numbers with commas between them, as one argument: `12,99`.
struct NumberList: Equatable, Sendable {
    var numbers: [UInt32]
}

extension NumberList: ExpressibleByArgument {
    init?(argument: String) {
        numbers = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard !part.hasPrefix("+"), let number = UInt32(part) else { return nil }
            numbers.append(number)
        }
    }
}

extension [NumberList] {
    /// The numbers of all arguments, each once, in the order of their coming.
    var numbers: [UInt32] {
        var seen: Set<UInt32> = []
        return flatMap(\.numbers).filter { seen.insert($0).inserted }
    }
}
