/// Faults of one kind, as the workload makes them.
struct Faults: Sendable {
    var count: Int
    var mode = "user"
    var access: String
    var present = false
    var outcome = "minor"
    /// What may be said of why; to say nothing is never wrong.
    var causes: Set<String>
}

/// One phase of the workload, and the faults that it makes at its addresses.
struct Phase: Sendable {
    var name: String
    var count: Int
    var base: UInt64
    /// How many pages lie between one touched page and the next, and how many are touched: `count` unless told.
    var stride: UInt64 = 1
    var pages: Int?
    /// Whether the kernel tells so little that nothing need be said of the cause.
    var isOpen = false
    var faults: [Faults]

    var total: Int { faults.reduce(0) { $0 + $1.count } }

    func addresses(_ pageSize: UInt64) -> Set<UInt64> {
        Set((0..<UInt64(pages ?? count)).map { base + $0 * stride * pageSize })
    }
}

/// What the workload is told to do, and what a kernel must then show.
struct Workload: Sendable {
    var phases: [Phase]

    var arguments: [String] { ["in", Device.folder] + phases.flatMap { [$0.name, "\($0.count)"] } }

    /// Everything that a fault can be.
    static func full(on kernel: Preflight.Kernel) -> Workload {
        var phases = memory(997) + files(97) + failures(97)
        phases.append(shared(97, isMajor: kernel.countsRetriesAsMajor))
        if Device.swaps { phases.append(swapped(97)) }
        return Workload(phases: phases)
    }

    /// Enough to see that a trace works.
    static let short = Workload(phases: memory(97) + failures(7))

    // MARK: Phases

    private static func memory(_ count: Int) -> [Phase] {
        let few = count / 10
        return [
            one("write", count, Base.write, Faults(count: count, access: "write", causes: ["zero_fill"])),
            one("read", count, Base.read, Faults(count: count, access: "read", causes: ["zero_fill"])),
            one("kernel", count, Base.kernel, Faults(count: count, mode: "kernel", access: "write", causes: ["zero_fill"])),
            one("stack", few, Base.stack, Faults(count: few, access: "write", causes: ["stack_growth", "zero_fill"])),
            Phase(
                name: "cow", count: few, base: Base.cow,
                faults: [
                    Faults(count: few, access: "read", causes: ["zero_fill"]),
                    Faults(count: few, access: "write", present: true, causes: ["copy_on_write"]),
                ]),
        ]
    }

    private static func files(_ count: Int) -> [Phase] {
        [
            Phase(name: "exec", count: count, base: Base.exec, stride: 2, faults: [Faults(count: count, access: "execute", causes: ["file"])]),
            Phase(name: "warmfile", count: count, base: Base.warm, stride: 2, faults: [Faults(count: count, access: "read", causes: ["file"])]),
            one("coldfile", count, Base.cold, Faults(count: count, access: "read", outcome: "major", causes: ["file_read"])),
        ]
    }

    private static func failures(_ count: Int) -> [Phase] {
        [
            Phase(
                name: "segv", count: count, base: Base.segv, pages: 1,
                faults: [Faults(count: count, access: "write", outcome: "failed", causes: ["bad_access"])]),
            Phase(
                name: "readonly", count: count, base: Base.readonly, pages: 1,
                faults: [
                    Faults(count: 1, access: "read", causes: ["zero_fill"]),
                    Faults(count: count, access: "write", present: true, outcome: "failed", causes: ["bad_access"]),
                ]),
            one(
                "efault", count, Base.efault,
                Faults(count: count, mode: "kernel", access: "write", outcome: "failed", causes: ["bad_access"])),
        ]
    }

    private static func shared(_ count: Int, isMajor: Bool) -> Phase {
        Phase(
            name: "shared", count: count, base: Base.shared, isOpen: isMajor,
            faults: [Faults(count: count, access: "write", outcome: isMajor ? "major" : "minor", causes: ["shared_memory"])])
    }

    private static func swapped(_ count: Int) -> Phase {
        Phase(
            name: "swap", count: count, base: Base.swap,
            faults: [
                Faults(count: count, access: "write", causes: ["zero_fill"]),
                Faults(count: count, access: "read", outcome: "major", causes: ["swap_in"]),
            ])
    }

    private static func one(_ name: String, _ count: Int, _ base: UInt64, _ faults: Faults) -> Phase {
        Phase(name: name, count: count, base: base, faults: [faults])
    }
}

extension Preflight.Kernel {
    var version: (Int, Int) {
        let numbers = release.split { !$0.isNumber }.prefix(2).map { Int($0) ?? 0 }
        return (numbers.first ?? 0, numbers.dropFirst().first ?? 0)
    }

    /// From 5.9 until 6.0 the kernel lets go of its locks at the first write to a page of shared memory, to throttle who writes
    /// much, and has the fault taken again (fault_dirty_shared_page); and any fault that was taken again is a major one to it
    /// (mm_account_fault).
    var countsRetriesAsMajor: Bool { version >= (5, 9) && version < (6, 0) }
}
