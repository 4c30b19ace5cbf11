import CZlib
import FaultModel
import KernelConfiguration
import Testing

@testable import OfflinePreflight

/// A made-up device to be judged by what it would be saved as.
struct Device {
    var heading = "# Linux/arm64 5.10.101 Kernel Configuration"
    var options: [KernelOption: String] = [
        .arm64: "y", .pages4K: "y", .mmu: "y", .bpfSyscall: "y", .bpfJIT: "y", .bpfJITAlwaysOn: "y", .bpfEvents: "y",
        .perfEvents: "y", .tracing: "y", .tracepoints: "y", .kprobes: "y", .kprobeEvents: "y", .uprobeEvents: "y",
        .selinux: "y",
    ]
    var tracepoints: String?
    var symbols: String?

    /// What fentry needs besides.
    static let trampolines: [KernelOption] = [.debugInfoBTF, .functionTracer, .dynamicFtrace, .directCalls]

    static func arm64(_ release: String = "5.10.101", on: [KernelOption] = [], off: [KernelOption] = []) -> Device {
        Device().on("arm64", release, on, off)
    }

    static func x86(_ release: String = "6.1.55", on: [KernelOption] = [], off: [KernelOption] = []) -> Device {
        Device().on("x86", release, on + [.x86_64], off + [.arm64, .pages4K])
    }

    private func on(_ arch: String, _ release: String, _ on: [KernelOption], _ off: [KernelOption]) -> Device {
        var device = self
        device.heading = "# Linux/\(arch) \(release) Kernel Configuration"
        for option in on { device.options[option] = "y" }
        for option in off { device.options[option] = nil }
        return device
    }

    var config: String {
        let lines = KernelOption.allCases.map { option in
            options[option].map { "\(option.rawValue)=\($0)" } ?? "# \(option.rawValue) is not set"
        }
        return (["#", "# Automatically generated file; DO NOT EDIT.", heading, "#"] + lines).joined(separator: "\n") + "\n"
    }

    func report() throws -> PreflightReport {
        try OfflinePreflight(
            config: Array(config.utf8), tracepoints: tracepoints.map { Array($0.utf8) },
            symbols: symbols.map { Array($0.utf8) }
        ).report()
    }

    func verdict(on source: FaultSource) throws -> SourceVerdict {
        try #require(report().sources.first { $0.source == source })
    }

    func check(_ id: CheckID) throws -> Check { try #require(report().checks.first { $0.id == id }) }
}

/// A list of symbols with the two that make it whole.
func symbols(_ lines: String...) -> String {
    (["0000000000000000 T _text"] + lines + ["0000000000000000 T start_kernel"]).joined(separator: "\n") + "\n"
}

enum Gzip {
    static func packed(_ text: [UInt8]) -> [UInt8] {
        var (stream, input, output) = (z_stream(), text, [UInt8](repeating: 0, count: text.count + 1024))
        deflateInit2_(
            &stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        let length = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                _ = deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<length])
    }
}
