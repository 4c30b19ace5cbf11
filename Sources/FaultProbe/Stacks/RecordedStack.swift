import CLinux

/// A stack as it was recorded.
public struct RecordedStack: Equatable, Sendable {
    /// The leaf's instruction, then return addresses, without pointer tags and authentication codes.
    public var frames: [UInt64]
    /// It goes on beyond the last frame.
    public var isTruncated: Bool

    init(_ frames: [UInt64], isTruncated: Bool) {
        self.frames = frames
        self.isTruncated = isTruncated
    }

    /// A kernel stack from the instruction that faulted on. Tracepoints and trampolines are called by the fault's handler, whose
    /// frames say nothing of where the fault came from; perf's events begin with the instruction anyway.
    public func from(_ ip: UInt64) -> RecordedStack {
        guard let leaf = frames.firstIndex(of: ip), leaf > 0 else { return self }
        return RecordedStack(Array(frames[leaf...]), isTruncated: isTruncated)
    }
}

enum StackDepth {
    /// Frames of the deepest stack that is recorded: the kernel's default for perf_event_max_stack, a sysctl that can also be lower.
    static let most = 127

    /// What this kernel allows.
    static func allowed() -> Int {
        guard let text = ProcessFile.bytes("/proc/sys/kernel/perf_event_max_stack"),
            let limit = number(text.prefix { $0 != UInt8(ascii: "\n") }, 10), limit > 0
        else { return most }
        return Int(min(limit, UInt64(most)))
    }
}

/// A program's or the kernel's address as the processor fetches from it: arm64's return addresses can bear an authentication
/// code (PAC) in bits 48 to 54, and a tag above. Bit 55 tells which half of memory it is in. The kernel strips the codes itself
/// where it knows of them (5.0, ptrauth_strip_insn_pac), but not in what it kept before.
@inline(__always)
func stripped(_ address: UInt64) -> UInt64 {
    #if arch(arm64)
    let mask: UInt64 = 0xffff << 48
    return address & 1 << 55 == 0 ? address & ~mask : address | mask
    #else
    return address
    #endif
}
