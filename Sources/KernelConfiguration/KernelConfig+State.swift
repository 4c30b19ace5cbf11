public import FaultModel

extension KernelConfig {
    /// Whether it tells of every option, so that one that is not mentioned is off: the build writes a heading and the
    /// options without a prompt, a fragment or a defconfig has neither.
    public var isWhole: Bool { release != nil || self[.mmu] != nil }

    /// Whether the kernel has an option; nil where a part of a configuration does not tell.
    public func state(_ option: KernelOption) -> Bool? {
        if self[option] != nil { return isOn(option) }
        if option == .bpfEvents { return derivedBPFEvents }
        return isWhole ? false : nil
    }

    /// CONFIG_BPF_EVENTS has no prompt and is on where what it depends on is (kernel/trace/Kconfig, since 4.1), so that a
    /// configuration from before a build does not mention it.
    private var derivedBPFEvents: Bool? {
        let probes = either(state(.kprobeEvents), state(.uprobeEvents))
        let options = both(both(state(.bpfSyscall), state(.perfEvents)), probes)
        return both(options, version.map { $0 >= KernelVersion(4, 1) })
    }

    public var version: KernelVersion? { release.flatMap(KernelVersion.init(release:)) }
}

/// And, where one that is false decides and one that is unknown does not.
private func both(_ left: Bool?, _ right: Bool?) -> Bool? {
    if left == false || right == false { return false }
    return left == nil || right == nil ? nil : true
}

private func either(_ left: Bool?, _ right: Bool?) -> Bool? {
    if left == true || right == true { return true }
    return left == nil || right == nil ? nil : false
}
