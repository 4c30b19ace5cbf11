import CConfinement
import Foundation

/// System calls by their numbers.
enum SystemCall {
    case bpf, ptrace

    var number: Int {
        #if arch(arm64)
        switch self {
        case .bpf: 280
        case .ptrace: 117
        }
        #else
        switch self {
        case .bpf: 321
        case .ptrace: 101
        }
        #endif
    }
}

/// Swift has neither syscall(2), which takes any number of arguments, nor fork(2).
private func function<Function>(_ name: String) -> Function {
    unsafeBitCast(dlsym(UnsafeMutableRawPointer(bitPattern: 0), name), to: Function.self)
}

func rawCall(_ call: SystemCall, _ first: Int) -> Int {
    typealias Syscall = @convention(c) (Int, Int, Int, Int, Int) -> Int
    let zeros = [UInt8](repeating: 0, count: 128)
    let syscall: Syscall = function("syscall")
    return zeros.withUnsafeBytes { syscall(call.number, first, Int(bitPattern: $0.baseAddress), $0.count, 0) }
}

func forked() -> pid_t {
    let fork: @convention(c) () -> pid_t = function("fork")
    return fork()
}

/// Goes on as another program.
func begin(_ path: String, _ arguments: String...) {
    var vector = ([path] + arguments).map { strdup($0) } + [nil]
    execv(path, &vector)
    exit(4)
}

/// A number in the calling thread's /proc status.
func status(_ field: String) -> UInt64 {
    let text = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
    return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? .max
}

/// From now on as who traces.
func tracing(child: pid_t = 0) {
    guard confine_tracer(confine_needs(bpf: true, child: child)) == 0 else { exit(3) }
}

/// From now on as who reads files.
func reading() {
    guard confine_reader() == 0 else { exit(3) }
}
