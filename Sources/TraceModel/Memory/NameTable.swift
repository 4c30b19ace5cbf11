/// Mappings' names, each once. Number zero is no name; so are those that come after the table is full.
struct NameTable: Sendable {
    private static let limit = 1 << 17

    private(set) var names = [""]
    private var numbers: [String: UInt32] = ["": 0]

    mutating func number(of name: String) -> UInt32 {
        if let known = numbers[name] { return known }
        guard names.count < Self.limit else { return 0 }
        let number = UInt32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}
