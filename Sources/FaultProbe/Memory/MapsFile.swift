public import FaultModel

/// A process's mappings as /proc/PID/maps has them.
struct MapsFile {
    private let fileSystems: MemoryFileSystems

    init(_ fileSystems: MemoryFileSystems) { self.fileSystems = fileSystems }

    /// nil: the process is gone, or has never had memory of its own.
    func mappings(of pid: UInt32) -> [MemoryMapping]? {
        guard let text = ProcessFile.bytes("/proc/\(pid)/maps"), !text.isEmpty else { return nil }
        return mappings(text)
    }

    func mappings(_ text: [UInt8]) -> [MemoryMapping] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { mapping($0) }
    }

    /// One line: `7f00-7f10 r-xp 00001000 fd:01 1234     /path with spaces (deleted)` (proc(5)); nil for anything else.
    func mapping(_ line: ArraySlice<UInt8>) -> MemoryMapping? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        guard fields.count >= 5, let (start, end) = range(fields[0]), fields[1].count == 4,
            let offset = number(fields[2], 16), let device = DeviceNumber(hexadecimal: fields[3]), let inode = number(fields[4], 10)
        else { return nil }
        let name = fields.count > 5 ? String(decoding: fields[5].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self) : ""
        let kind = MappingKind(
            name: name, isShared: fields[1].last == UInt8(ascii: "s"), isInMemory: fileSystems.devices.contains(device))
        let isWritable = fields[1].dropFirst().first == UInt8(ascii: "w")
        return MemoryMapping(
            start: start, end: end, offset: offset, kind: kind, isWritable: isWritable, name: name, file: device.file(inode))
    }

    private func range(_ text: ArraySlice<UInt8>) -> (UInt64, UInt64)? {
        let ends = text.split(separator: UInt8(ascii: "-"))
        guard ends.count == 2, let start = number(ends[0], 16), let end = number(ends[1], 16), start < end else { return nil }
        return (start, end)
    }
}
