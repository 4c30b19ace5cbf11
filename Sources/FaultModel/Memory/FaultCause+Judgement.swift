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
    ///   - isBelowStack: the address lies right below the stack as it was then.
    ///   - retriesAreMajor: the kernel counts first writes to shared memory as major; see `countsRetriesAsMajor`.
    public init?(_ kind: FaultKind, mapping: MappingKind?, isBelowStack: Bool = false, retriesAreMajor: Bool = false) {
        let cause: FaultCause? = switch kind.traits.outcome {
        case .failed?: .badAccess
        case .major? where retriesAreMajor && kind.traits.access.mayWrite && mapping?.isWrittenBack == true: nil
        case .major?: Self.major(mapping)
        case .minor? where kind.isAccessFlagFault: .protection
        case .minor?: Self.minor(kind.traits, mapping, isBelowStack)
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

    private static func minor(_ traits: FaultTraits, _ mapping: MappingKind?, _ isBelowStack: Bool) -> FaultCause? {
        switch traits.present {
        case true?: protected(traits.access, mapping)
        case false? where isBelowStack, nil where isBelowStack: .stackGrowth
        case false?: missing(traits.access, mapping)
        case nil: unknownPresence(traits.access, mapping)
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

extension FaultAccess? {
    fileprivate var mayWrite: Bool { self != .read && self != .execute }
}

extension MappingKind {
    /// Whether what is written there becomes others' too, so that the kernel slows down who writes much.
    fileprivate var isWrittenBack: Bool { self == .fileShared || self == .sharedMemory }
}

extension PreflightReport.Kernel {
    /// At the first write to a shared page the kernel lets go of its locks to slow down who writes much, and has the fault taken
    /// again (fault_dirty_shared_page, 5.5 until 6.0); and what was taken again counts as major (mm_account_fault, from 5.9).
    public var countsRetriesAsMajor: Bool {
        var parts = release.utf8.split(separator: UInt8(ascii: ".")).makeIterator()
        guard let major = parts.next(), major.elementsEqual("5".utf8), let minor = parts.next() else { return false }
        return minor.count > 1 || minor.elementsEqual("9".utf8)
    }
}

extension FaultKind {
    /// Whether the page was there and merely had to be marked as used (arm64 without hardware access flags): FSC 0b0010xx.
    public var isAccessFlagFault: Bool {
        guard case .esr(let value)? = errorCode else { return false }
        return value & 0x3c == 0x08
    }
}
