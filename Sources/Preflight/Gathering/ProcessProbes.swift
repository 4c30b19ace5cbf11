import CLinux

extension ProcessFacts {
    static func gathered() -> ProcessFacts {
        ProcessFacts(
            capabilities: .ofThisProcess(),
            isInInitialUserNamespace: KernelFiles.text("/proc/self/uid_map").value.map(mapsEveryUser),
            hasSeccompFilter: KernelFiles.text("/proc/self/status").value.map(namesSeccompFilter))
    }

    /// The initial namespace maps all 2^32 - 1 ids onto themselves: user_namespaces(7).
    static func mapsEveryUser(_ uidMap: String) -> Bool {
        let words = uidMap.utf8.split { $0 <= UInt8(ascii: " ") }
        return words.count == 3 && words[0].elementsEqual("0".utf8) && words[1].elementsEqual("0".utf8)
            && words[2].elementsEqual("4294967295".utf8)
    }

    /// `Seccomp: 2` is SECCOMP_MODE_FILTER: proc_pid_status(5).
    static func namesSeccompFilter(_ status: String) -> Bool {
        status.utf8.split(separator: UInt8(ascii: "\n")).contains { line in
            line.starts(with: "Seccomp:".utf8) && line.last == UInt8(ascii: "2")
        }
    }
}

extension Reading<CapabilitySet> {
    /// By capget(2): the same set as CapEff in /proc/self/status, also where /proc is missing.
    static func ofThisProcess() -> Self {
        var bits: UInt64 = 0
        let result = preflight_capabilities(&bits)
        return result < 0 ? .failure(Errno(code: -result)) : .success(CapabilitySet(rawValue: bits))
    }
}

extension Memlock {
    /// Lifts the limit as far as this process may: below 5.11 the maps of the probes are charged to it, together with
    /// those of all other programs of the same user.
    static func liftedForProbes() -> Reading<Memlock> {
        var limit = Memlock(soft: 0, hard: 0, lifted: .untried)
        let result = preflight_memlock(&limit.soft, &limit.hard)
        guard result >= 0 else { return .failure(Errno(code: -result)) }
        limit.lifted = Trial { () throws(Errno) in try require(preflight_set_memlock(.max, .max)) }
        if limit.lifted != .worked { _ = preflight_set_memlock(limit.hard, limit.hard) }
        return .success(limit)
    }

    func restore() { _ = preflight_set_memlock(soft, hard) }
}
