/// Mappings' names, each once; and once more for each of the files that bear it, for these have different functions.
struct NameTable: Sendable {
    /// What every trace's table begins with: no name, the kernel's half of the addresses, memory without a name, and all names
    /// that come after the table is full.
    static let first = ["", "[kernel]", "[anon]", "[too many names]"].map { MappedFile(name: $0) }
    static let kernel: UInt32 = 1
    static let anonymous: UInt32 = 2
    private static let rest: UInt32 = 3
    private static let limit = 1 << 17

    private(set) var files = first
    private var numbers: [MappedFile: UInt32] = [first[0]: 0, first[Int(kernel)]: kernel]

    mutating func number(of file: MappedFile) -> UInt32 {
        if let known = numbers[file] { return known }
        guard files.count < Self.limit else { return Self.rest }
        let number = UInt32(files.count)
        files.append(file)
        numbers[file] = number
        return number
    }
}
