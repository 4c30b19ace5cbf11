import FaultModel

/// What is at an address: a mapping's kind, or what is there instead.
struct Ground: RawRepresentable, BitwiseCopyable {
    let rawValue: UInt8

    static let nothing = Ground(rawValue: 0)
    static let belowStack = Ground(rawValue: 8)
    /// The kernel's own half, of whose mappings nothing is known.
    static let kernel = Ground(rawValue: 9)

    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ entry: MappingTable.Entry) { self.init(rawValue: entry.kind.rawValue | (entry.isWritable ? 0 : Self.readOnly)) }

    static let count = 32
    private static let readOnly: UInt8 = 16

    var isWritable: Bool { rawValue & Self.readOnly == 0 }
    /// nil: there is no mapping, or none that is known.
    var kind: MappingKind? { MappingKind(rawValue: rawValue & ~Self.readOnly) }
}

/// `FaultCause`'s judgement of every combination, made once.
struct VerdictTable: Sendable {
    private let causes: [FaultCause?]
    private let retriesAreMajor: Bool

    init(retriesAreMajor: Bool) {
        self.retriesAreMajor = retriesAreMajor
        causes = (0..<Ground.count * 256).map { (index: Int) -> FaultCause? in
            let traits = FaultTraits(rawValue: UInt8(index / Ground.count))
            return Self.judge(
                FaultKind(traits: traits, errorCode: nil), Ground(rawValue: UInt8(index % Ground.count)), retriesAreMajor)
        }
    }

    @inline(__always)
    func cause(_ fault: PageFault, _ ground: Ground) -> FaultCause? {
        let kind = fault.isFetch ? fault.kind.fetching : fault.kind
        if kind.isAccessFlagFault { return Self.judge(kind, ground, retriesAreMajor) }
        return causes[Int(kind.traits.rawValue) * Ground.count + Int(ground.rawValue)]
    }

    private static func judge(_ kind: FaultKind, _ ground: Ground, _ retriesAreMajor: Bool) -> FaultCause? {
        if ground == .kernel, kind.traits.outcome != .failed { return nil }
        return FaultCause(
            kind, mapping: ground.kind, isWritable: ground.isWritable, isBelowStack: ground == .belowStack,
            retriesAreMajor: retriesAreMajor)
    }
}

extension PageFault {
    /// Whether the source does not tell the access and it can only have been an instruction's fetch of itself: a page that an
    /// instruction runs from is there, so that it cannot miss its own for data.
    fileprivate var isFetch: Bool {
        kind.traits.rawValue & FaultTraits.accessMask == 0 && address == ip && kind.traits.mode == .user
    }
}

extension FaultKind {
    fileprivate var fetching: FaultKind {
        FaultKind(traits: FaultTraits(rawValue: traits.rawValue | FaultTraits.accessMask), errorCode: errorCode)
    }
}

extension FaultTraits {
    /// The two bits of the access; both set are `execute`.
    fileprivate static var accessMask: UInt8 { 0x0c }
}
