/// What SELinux denied, as it wrote it into the kernel's log: `avc: denied { prog_load } for pid=7 … scontext=… tcontext=… tclass=bpf`.
struct Denial: Equatable, Sendable {
    var pid: UInt32
    var permissions: [String]
    /// Who asked, and what for.
    var source: String
    var target: String
    var targetClass: String

    /// The denials in lines of the kernel's log, the oldest first.
    static func all(in log: ArraySlice<UInt8>) -> [Denial] {
        log.split(separator: UInt8(ascii: "\n")).compactMap { Denial(line: $0) }
    }

    /// nil: the line tells of no denial, or was cut.
    init?(line: ArraySlice<UInt8>) {
        let words = line.split { $0 <= UInt8(ascii: " ") }
        guard let verdict = words.firstIndex(where: { $0.elementsEqual("denied".utf8) }), verdict > 0,
            words[verdict - 1].elementsEqual("avc:".utf8), words.count > verdict + 2, words[verdict + 1].elementsEqual("{".utf8),
            let end = words.firstIndex(where: { $0.elementsEqual("}".utf8) }), end > verdict + 2
        else { return nil }
        func value(_ key: String) -> String? {
            words[end...].first { $0.starts(with: key.utf8) }.map { String(decoding: $0.dropFirst(key.utf8.count), as: UTF8.self) }
        }
        guard let pid = value("pid=").flatMap({ UInt32($0) }), let source = value("scontext="), let target = value("tcontext="),
            let targetClass = value("tclass=")
        else { return nil }
        permissions = words[(verdict + 2)..<end].map { String(decoding: $0, as: UTF8.self) }
        (self.pid, self.source, self.target, self.targetClass) = (pid, source, target, targetClass)
    }

    /// What would allow it, in the language of policies; the permissions in the order of the alphabet, as audit2allow(1) writes them.
    var rule: String {
        let (source, target) = (Self.type(of: source), Self.type(of: target))
        let permissions = permissions.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return "allow \(source) \(target == source ? "self" : target):\(targetClass) { " + permissions.joined(separator: " ") + " };"
    }

    /// `su` of `u:r:su:s0`.
    private static func type(of context: String) -> String {
        let parts = context.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : context
    }
}

extension TracingCall {
    /// Whether a denial may have kept this call from working.
    func isAbout(_ denial: Denial) -> Bool {
        let capabilities = self == .bpf ? ["bpf", "perfmon", "sys_admin"] : ["perfmon", "sys_admin"]
        switch denial.targetClass {
        case "capability", "capability2": return denial.permissions.contains { capabilities.contains($0) }
        default: return denial.targetClass == selinuxClass
        }
    }
}

extension DeviceFacts {
    /// What allows a call, as far as the kernel's log tells: one rule for each class.
    func rules(for call: TracingCall) -> [String] {
        var merged: [Denial] = []
        for denial in denials where call.isAbout(denial) {
            if let known = merged.firstIndex(where: { $0.target == denial.target && $0.targetClass == denial.targetClass }) {
                for permission in denial.permissions where !merged[known].permissions.contains(permission) {
                    merged[known].permissions.append(permission)
                }
            } else {
                merged.append(denial)
            }
        }
        return merged.map { $0.rule }
    }
}
