/// Mappings' names, each once.
struct NameTable: Sendable {
    /// What every trace's table begins with: no name, the kernel's half of the addresses, memory without a name, and all names
    /// that come after the table is full.
    static let first = ["", "[kernel]", "[anon]", "[too many names]"]
    static let kernel: UInt32 = 1
    static let anonymous: UInt32 = 2
    private static let rest: UInt32 = 3
    private static let limit = 1 << 17

    private(set) var names = first
    private var numbers: [String: UInt32] = ["": 0, first[Int(kernel)]: kernel]

    mutating func number(of name: String) -> UInt32 {
        if let known = numbers[name] { return known }
        guard names.count < Self.limit else { return Self.rest }
        let number = UInt32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}
