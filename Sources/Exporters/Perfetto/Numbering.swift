/// Gives each thing a number, from one on, when it first comes.
struct Numbering<Key: Hashable & Sendable>: Sendable {
    private var numbers: [Key: UInt64] = [:]

    var count: Int { numbers.count }

    mutating func number(_ key: Key) -> (number: UInt64, isNew: Bool) {
        if let known = numbers[key] { return (known, false) }
        let number = UInt64(numbers.count + 1)
        numbers[key] = number
        return (number, true)
    }
}
