import FaultModel
import Testing

/// Mode in bits 0-1, access in 2-3, present in 4-5, outcome in 6-7.
private func kind(
    _ outcome: FaultOutcome?, _ access: FaultAccess? = nil, present: Bool? = nil, code: ErrorCode? = nil
) -> FaultKind {
    let presence: UInt8 = switch present {
    case nil: 0
    case false?: 1
    case true?: 2
    }
    let bits = 1 | (access?.rawValue ?? 0) << 2 | presence << 4 | (outcome?.rawValue ?? 0) << 6
    return FaultKind(traits: FaultTraits(rawValue: bits), errorCode: code)
}

struct FaultCauseTests {
    /// One column for each kind of mapping, the last for none that is known.
    private static let grounds: [MappingKind?] = MappingKind.allCases + [nil]
    private typealias Row = (access: FaultAccess?, present: Bool?, causes: [FaultCause?])

    private func expect(_ outcome: FaultOutcome, _ rows: [Row], _ location: SourceLocation = #_sourceLocation) {
        for row in rows {
            let causes = Self.grounds.map { FaultCause(kind(outcome, row.access, present: row.present), mapping: $0) }
            #expect(causes == row.causes, "\(row)", sourceLocation: location)
        }
    }

    @Test func `minor faults where no page was`() {
        // anonymous, file private, file shared, shared memory, private shared memory, stack, special, unknown
        expect(.minor, [
            (.read, false, [.zeroFill, .file, .file, .sharedMemory, .sharedMemory, .zeroFill, nil, nil]),
            (.execute, false, [.zeroFill, .file, .file, .sharedMemory, .sharedMemory, .zeroFill, nil, nil]),
            (.write, false, [.zeroFill, .copyOnWrite, .file, .sharedMemory, .copyOnWrite, .zeroFill, nil, nil]),
            (nil, false, [.zeroFill, nil, .file, .sharedMemory, nil, .zeroFill, nil, nil]),
        ])
    }

    @Test func `minor faults where a page was`() {
        let protection = [FaultCause?](repeating: .protection, count: 8)
        expect(.minor, [
            (.read, true, protection), (.execute, true, protection),
            (.write, true, [.copyOnWrite, .copyOnWrite, .protection, .protection, .copyOnWrite, .copyOnWrite, .protection, nil]),
            (nil, true, [nil, nil, .protection, .protection, nil, nil, .protection, nil]),
        ])
    }

    @Test func `minor faults of a source that does not know whether a page was there`() {
        expect(.minor, [
            (.read, nil, [.zeroFill, .file, .file, .sharedMemory, .sharedMemory, .zeroFill, nil, nil]),
            (.write, nil, [nil, .copyOnWrite, nil, .sharedMemory, .copyOnWrite, nil, nil, nil]),
            (nil, nil, [nil, nil, nil, .sharedMemory, nil, nil, nil, nil]),
        ])
    }

    @Test(arguments: [nil, .read, .write, .execute] as [FaultAccess?], [nil, false, true] as [Bool?])
    func `major faults are swap or storage, and without a mapping neither`(access: FaultAccess?, present: Bool?) {
        expect(.major, [(access, present, [.swapIn, .fileRead, .fileRead, .swapIn, .swapIn, .swapIn, nil, nil])])
    }

    @Test func `where a retry is major, a write to shared pages need not have waited`() {
        func causes(_ access: FaultAccess?) -> [FaultCause?] {
            Self.grounds.map { FaultCause(kind(.major, access, present: false), mapping: $0, retriesAreMajor: true) }
        }
        #expect(causes(.read) == [.swapIn, .fileRead, .fileRead, .swapIn, .swapIn, .swapIn, nil, nil])
        for access in [nil, FaultAccess.write] { #expect(causes(access) == [.swapIn, .fileRead, nil, nil, .swapIn, .swapIn, nil, nil]) }
    }

    @Test(arguments: [
        ("5.8.18", false), ("5.9.0-rc1", true), ("5.10.198-android13-4", true), ("5.19", true), ("6.0", false), ("6.12.1", false),
        ("4.14", false), ("", false), ("x.y", false), ("5", false), ("99999999999999999999.1", false),
    ] as [(String, Bool)])
    func `kernels that do so are known by their release`(release: String, isSo: Bool) {
        #expect((KernelVersion(release: release)?.retriesAreMajor ?? false) == isSo)
    }

    @Test(arguments: [nil, .read, .write, .execute] as [FaultAccess?], [nil, false, true] as [Bool?])
    func `a failed access is bad, and one whose end is unknown has no cause`(access: FaultAccess?, present: Bool?) {
        for ground in Self.grounds {
            #expect(FaultCause(kind(.failed, access, present: present), mapping: ground) == .badAccess)
            #expect(FaultCause(kind(nil, access, present: present), mapping: ground) == nil)
        }
    }

    @Test func `below the stack it grows, unless a page was there`() {
        for access in [nil, FaultAccess.read, .write] {
            for present in [nil, false] {
                let fault = kind(.minor, access, present: present)
                #expect(FaultCause(fault, mapping: nil, isBelowStack: true) == .stackGrowth)
            }
        }
        #expect(FaultCause(kind(.minor, .write, present: true), mapping: .stack) == .copyOnWrite)
    }

    @Test func `what cannot be written to was not written to`() {
        func causes(_ fault: FaultKind) -> [FaultCause?] { Self.grounds.map { FaultCause(fault, mapping: $0, isWritable: false) } }
        for present in [nil, false] {
            #expect(
                causes(kind(.minor, nil, present: present))
                    == [.zeroFill, .file, .file, .sharedMemory, .sharedMemory, .zeroFill, nil, nil])
        }
        #expect(causes(kind(.minor, nil, present: true)) == Array(repeating: .protection, count: 8))
        #expect(FaultCause(kind(.minor, .write, present: false), mapping: .filePrivate, isWritable: false) == .copyOnWrite)
    }

    @Test func `an access flag fault is no copy`() {
        let flagged = kind(.minor, .write, present: true, code: .esr(0x9200_004a))
        #expect(FaultCause(flagged, mapping: .anonymous) == .protection)
        let permission = kind(.minor, .write, present: true, code: .esr(0x9200_004f))
        #expect(FaultCause(permission, mapping: .anonymous) == .copyOnWrite)
    }

    @Test func `each cause has a name and words of its own`() {
        #expect(Set(FaultCause.allCases.map(\.name)).count == FaultCause.allCases.count)
        #expect(Set(FaultCause.allCases.map(\.words)).count == FaultCause.allCases.count)
    }
}
