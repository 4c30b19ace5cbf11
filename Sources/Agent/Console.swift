import CLinux

/// Standard output and standard error.
enum Console {
    static func print(_ text: String, newline: Bool = true) { write(1, newline ? text + "\n" : text) }
    static func error(_ text: String) { write(2, text + "\n") }

    private static func write(_ descriptor: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { linux_write(descriptor, $0.baseAddress, $0.count) }
            if sent <= 0 { return }
            rest = rest.dropFirst(sent)
        }
    }
}
