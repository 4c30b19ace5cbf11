import CFaultObjects
import FaultModel
import Foundation
import Testing

@testable import FaultProbe

struct AttachPlanTests {
    private static let plans = FaultSource.allCases.flatMap { AttachPlan.plans(for: $0) }
    private static let transports: [Transport] = [.ringbuf, .perfbuf]

    @Test(arguments: FaultSource.allCases)
    func `each source with BPF can be attached to`(source: FaultSource) {
        #expect(AttachPlan.plans(for: source).isEmpty == (source == .perfRing))
    }

    @Test func `no plan is of two sources`() {
        for (place, plan) in Self.plans.enumerated() { #expect(Self.plans.firstIndex(of: plan) == place) }
    }

    @Test(arguments: plans, transports)
    func `each plan has an object for each transport`(plan: AttachPlan, transport: Transport) {
        let object = plan.object(for: transport)
        #expect(object.map { $0.size > 10_000 && $0.bytes != nil } == true)
        if let object { fault_object_free(object) }
        #expect(plan.object(for: .perfRing) == nil)
    }

    @Test(arguments: plans)
    func `each mode has its programs, and no wish has all`(plan: AttachPlan) {
        let all = plan.basePrograms(for: [])
        #expect(!all.isEmpty)
        #expect(plan.basePrograms(for: FaultMode.allCases) == all)
        for mode in FaultMode.allCases {
            let some = plan.basePrograms(for: [mode])
            #expect(!some.isEmpty && some.allSatisfy { all.contains($0) })
        }
    }

    @Test func `the exceptions' programs are chosen by mode`() {
        let plan = AttachPlan(base: .exceptions, usesBTF: false)
        #expect(plan.basePrograms(for: [.user]) == [.bySection("page_fault_user_tracepoint")])
        #expect(plan.basePrograms(for: [.kernel]) == [.bySection("page_fault_kernel_tracepoint")])
    }

    @Test func `only a plan that joins needs the end`() {
        for plan in Self.plans { #expect(plan.needsEnd == (plan.access != nil)) }
    }

    @Test(arguments: plans, transports)
    func `an object holds each program that its plan names`(plan: AttachPlan, transport: Transport) throws {
        let request = ProbeRequest(source: .tracepoint, followedParent: 1)
        for arch in ["x86_64", "aarch64"] where arch == plan.architecture ?? arch {
            let object = try object(plan, transport, arch)
            let setup = BPFSetup(plan: plan, extent: .full, geometry: BufferGeometry(transport, requested: 4096))
            for stage in BPFStage.attaching {
                #expect(!setup.attachments(stage, request).isEmpty || stage == .access)
                for attachment in setup.attachments(stage, request) { #expect(object.holds(attachment.program), "\(arch)") }
            }
            for map in ["filter", "counters", "processes", "users", "pending", "events"] {
                #expect(object.holds(map), "\(arch)")
            }
            #expect(!object.holds("page_fault_user"), "half a name is none")
        }
    }

    /// The file that bpf/Makefile makes for a plan.
    private func object(_ plan: AttachPlan, _ transport: Transport, _ arch: String) throws -> ObjectFile {
        try ObjectFile(path: "build/bpf/\(arch)/\(plan.usesBTF ? "fault_btf" : "fault").\(transport.name).o")
    }
}

extension AttachPlan {
    /// The only architecture whose object has the base; nil: each.
    fileprivate var architecture: String? {
        switch base {
        case .rawExceptions, .exceptions: "x86_64"
        case .memoryAborts: "aarch64"
        case .pageFaults: nil
        }
    }
}

/// A BPF object's bytes, in whose string tables names stand between zeros.
private struct ObjectFile {
    private let bytes: Data

    /// - Parameter path: below the repository.
    init(path: String) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        bytes = try Data(contentsOf: tests.deletingLastPathComponent().appending(path: path))
    }

    func holds(_ name: String) -> Bool { bytes.range(of: Data([0] + Array(name.utf8) + [0])) != nil }
}
