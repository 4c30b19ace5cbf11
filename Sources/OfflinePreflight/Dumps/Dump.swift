/// One of the three files that a device is judged by.
public enum Dump: CaseIterable, Sendable {
    case config
    case tracepoints
    case symbols

    /// What it should be, in words.
    var name: String {
        switch self {
        case .config: "kernel configuration"
        case .tracepoints: "list of tracepoints"
        case .symbols: "list of the kernel's symbols"
        }
    }

    /// How to get it from the device.
    var fetching: String {
        switch self {
        case .config: "adb pull /proc/config.gz"
        case .tracepoints: "adb shell \"su -c 'cat /sys/kernel/tracing/available_events'\" > events.txt"
        case .symbols: "adb shell \"su -c 'cat /proc/kallsyms'\" > kallsyms.txt"
        }
    }

    /// Far more than any kernel has: configurations are below 400 KiB, symbols below 20 MiB.
    public var byteCap: Int {
        switch self {
        case .config: 4 << 20
        case .tracepoints: 16 << 20
        case .symbols: 128 << 20
        }
    }
}

/// Why a file is not what it was given for.
public struct DumpError: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case empty
        /// Longer than any such file, packed or unpacked.
        case tooLong
        /// A gzip archive that ends too early, or whose checksum does not agree.
        case damagedArchive
        /// A gzip archive that a shell took for text: PowerShell's `>` does.
        case rewrittenArchive
        case packedTwice
        case binary
        /// What adb, cat or a shell said instead of the file.
        case complaint(String)
        /// Text, but of something else.
        case otherText
        /// Options, but only some: nothing can be concluded from those that are missing.
        case fragment
        /// A list of another kernel than the configuration is of.
        case otherMachine
    }

    public var dump: Dump
    public var problem: Problem

    /// One clause that stands after the file's name, and what to do.
    public var text: String { finding + "; fetch it with: " + dump.fetching }

    private var finding: String {
        switch problem {
        case .empty: "is empty"
        case .tooLong: "is longer than any \(dump.name)"
        case .damagedArchive: "is a gzip archive that is damaged or cut off"
        case .rewrittenArchive: "was a gzip archive until a shell rewrote it as text"
        case .packedTwice: "is a gzip archive of another one"
        case .otherMachine: "is of a kernel for another architecture than the configuration's"
        case .binary: "is binary and no \(dump.name)"
        case .complaint(let line): "holds no \(dump.name) but an error message (\(line))"
        case .otherText: "is text but no \(dump.name)"
        case .fragment: "is only a part of a \(dump.name)"
        }
    }
}
