import CLinux
import WireProtocol

/// A command line that cannot be meant, and what to do instead.
struct UsageError: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

/// The process's arguments, which Embedded Swift does not hand over.
enum CommandLineArguments {
    static func all() -> [String] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = linux_read_file("/proc/self/cmdline", &bytes, bytes.count)
        return bytes.prefix(max(0, count)).split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// `preflight`'s options.
struct PreflightOptions {
    private(set) var json = false

    init(_ arguments: ArraySlice<String>) throws(UsageError) {
        for argument in arguments {
            guard argument == "--json" else { throw UsageError("preflight takes --json, not '\(argument)'") }
            json = true
        }
    }
}

/// `serve`'s options.
struct ServeOptions {
    private(set) var address = "127.0.0.1"
    private(set) var port: UInt16 = 0
    /// The secret that the controller must know; nil: make one and print it.
    private(set) var token: String?
    /// The process that has started the agent for itself and takes it along when it ends; zero: none.
    private(set) var parent: pid_t = 0

    init(_ arguments: ArraySlice<String>) throws(UsageError) {
        token = Self.tokenInEnvironment()
        var rest = arguments
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
            switch option {
            case "--listen": try listen(at: value)
            case "--token-file": token = try Self.token(in: value)
            case "--parent": parent = try Self.process(value)
            default: throw UsageError("serve takes --listen, --token-file and --parent, not '\(option)'")
            }
        }
        if let token, token.utf8.count > Open.tokenCap { throw UsageError("the token is longer than \(Open.tokenCap) bytes; give a shorter one") }
        if token?.isEmpty == true { throw UsageError("the token is empty; give one or let the agent make it") }
    }

    /// `ADDRESS:PORT`, with an IPv6 address in brackets.
    private mutating func listen(at text: String) throws(UsageError) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, let port = UInt16(String(decoding: last, as: UTF8.self)) else {
            throw UsageError("--listen takes ADDRESS:PORT, not '\(text)'")
        }
        var address = String(decoding: text.utf8.prefix(text.utf8.count - last.count - 1), as: UTF8.self)
        if address.utf8.first == UInt8(ascii: "["), address.utf8.last == UInt8(ascii: "]") {
            address = String(decoding: address.utf8.dropFirst().dropLast(), as: UTF8.self)
        }
        self.address = address
        self.port = port
    }

    private static func process(_ text: String) throws(UsageError) -> pid_t {
        guard let process = pid_t(text), process > 0 else { throw UsageError("--parent takes a process id, not '\(text)'") }
        return process
    }

    private static func tokenInEnvironment() -> String? {
        guard let value = linux_take_environment("FAULTLINE_TOKEN") else { return nil }
        defer { value.deallocate() }
        return String(cString: value)
    }

    /// The file's first line.
    private static func token(in path: String) throws(UsageError) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = linux_read_file(path, &bytes, bytes.count)
        guard count >= 0 else {
            throw UsageError("cannot read \(path): " + String(cString: linux_error_name(Int32(-count))))
        }
        let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return String(decoding: line, as: UTF8.self)
    }
}
