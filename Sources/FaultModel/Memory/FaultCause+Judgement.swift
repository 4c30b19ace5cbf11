extension FaultCause {
    /// Judges what the kernel had to do by how the fault ended and by what stands behind the address.
    ///
    /// Nothing is guessed: nil where two causes fit. These few are told wrong, because nothing tells them apart:
    /// a page that comes back from the swap cache without I/O passes for a first touch; a copy of a private file's page
    /// that comes back from swap passes for a file read; a fault that userfaultfd(2) resolves counts as major and passes for
    /// a swap-in; NUMA hints on x86 pass for missing pages.
    ///
    /// - Parameters:
    ///   - mapping: what stands behind the address; nil: nothing that we know of.
    ///   - isWritable: whether the mapping allows writing; where it does not, an access that succeeded was none.
    ///   - isBelowStack: the address lies right below the stack as it was then.
    ///   - retriesAreMajor: the kernel calls first writes to shared pages major (5.9 until 6.0, see `KernelVersion`).
    public init?(
        _ kind: FaultKind, mapping: MappingKind?, isWritable: Bool = true, isBelowStack: Bool = false,
        retriesAreMajor: Bool = false
    ) {
        let access = kind.traits.access ?? (isWritable ? nil : .read)
        let cause: FaultCause? = switch kind.traits.outcome {
        case .failed?: .badAccess
        case .major? where retriesAreMajor && Self.mayWriteShared(access, mapping): nil
        case .major?: Self.major(mapping)
        case .minor? where kind.isAccessFlagFault: .protection
        case .minor?: Self.minor(access, kind.traits.present, mapping, isBelowStack)
        case nil: nil
        }
        guard let cause else { return nil }
        self = cause
    }

    /// Swap and storage are never mixed up: without the mapping's kind nobody can tell.
    private static func major(_ mapping: MappingKind?) -> FaultCause? {
        switch mapping {
        case .anonymous?, .stack?, .sharedMemory?, .sharedMemoryPrivate?: .swapIn
        case .filePrivate?, .fileShared?: .fileRead
        case .special?, nil: nil
        }
    }

    /// Whether this may be a write that other processes or a file see.
    private static func mayWriteShared(_ access: FaultAccess?, _ mapping: MappingKind?) -> Bool {
        guard mapping == .sharedMemory || mapping == .fileShared else { return false }
        return access == .write || access == nil
    }

    private static func minor(
        _ access: FaultAccess?, _ present: Bool?, _ mapping: MappingKind?, _ isBelowStack: Bool
    ) -> FaultCause? {
        switch present {
        case true?: protected(access, mapping)
        case false? where isBelowStack, nil where isBelowStack: .stackGrowth
        case false?: missing(access, mapping)
        case nil: unknownPresence(access, mapping)
        }
    }

    /// A page was there and did not allow the access, until it did.
    private static func protected(_ access: FaultAccess?, _ mapping: MappingKind?) -> FaultCause? {
        if access == .read || access == .execute { return .protection }
        guard let mapping else { return nil }
        if !mapping.copiesOnWrite { return .protection }
        return access == .write ? .copyOnWrite : nil
    }

    /// No page was there.
    private static func missing(_ access: FaultAccess?, _ mapping: MappingKind?) -> FaultCause? {
        switch mapping {
        case .anonymous?, .stack?: .zeroFill
        case .fileShared?: .file
        case .sharedMemory?: .sharedMemory
        case .filePrivate?: firstAccess(access, .file)
        case .sharedMemoryPrivate?: firstAccess(access, .sharedMemory)
        case .special?, nil: nil
        }
    }

    /// The source does not have the processor's word on whether a page was there: a write may have been the first touch or a
    /// copy, and to a shared file the first touch or dirty tracking.
    private static func unknownPresence(_ access: FaultAccess?, _ mapping: MappingKind?) -> FaultCause? {
        let isRead = access == .read || access == .execute
        return switch mapping {
        case .anonymous?, .stack?: isRead ? .zeroFill : nil
        case .fileShared?: isRead ? .file : nil
        case .sharedMemory?: .sharedMemory
        case .filePrivate?: firstAccess(access, .file)
        case .sharedMemoryPrivate?: firstAccess(access, .sharedMemory)
        case .special?, nil: nil
        }
    }

    /// A write gets a copy of its own at once (do_cow_fault), a read the page itself.
    private static func firstAccess(_ access: FaultAccess?, _ source: FaultCause) -> FaultCause? {
        switch access {
        case .read?, .execute?: source
        case .write?: .copyOnWrite
        case nil: nil
        }
    }
}

extension FaultKind {
    /// Whether the page was there and merely had to be marked as used (arm64 without hardware access flags): FSC 0b0010xx.
    public var isAccessFlagFault: Bool {
        guard case .esr(let value)? = errorCode else { return false }
        return value & 0x3c == 0x08
    }
}
