/// What a ring of one CPU holds, in the order in which records of one moment are read; the numbers are linux_ring_kind's.
enum RingKind: UInt32 {
    /// COMM, FORK and EXIT.
    case tasks
    /// PAGE_FAULTS_MIN and PAGE_FAULTS_MAJ.
    case outcomes
    /// PAGE_FAULTS.
    case faults
    /// MMAP2, COMM, FORK and EXIT.
    case memory

    /// The events' name.
    var name: String {
        switch self {
        case .tasks, .memory: "DUMMY"
        case .outcomes: "PAGE_FAULTS_MIN and PAGE_FAULTS_MAJ"
        case .faults: "PAGE_FAULTS"
        }
    }
}

/// How large the rings of one CPU are.
struct RingSizes: Equatable {
    /// Of faults, and of outcomes if they are wanted; a fault has as many bytes in the one as at most in the other.
    private(set) var main: UInt64
    /// Forks, exits and names are rare.
    private(set) var tasks: UInt64
    private let page: UInt64

    init(_ geometry: BufferGeometry, wantsOutcome: Bool, page: UInt64) {
        let all = geometry.halfOfOneCPU * 2
        self.page = page
        main = max(page, wantsOutcome ? all / 2 : all)
        tasks = max(page, min(all / 32, 256 << 10))
    }

    func bytes(_ kind: RingKind) -> UInt64 { kind == .tasks ? tasks : main }

    /// Half as much, or nil at the least that there is.
    var half: RingSizes? {
        guard main > page else { return nil }
        var half = self
        half.main = main / 2
        half.tasks = max(page, tasks / 2)
        return half
    }
}
