import FaultModel
import Foundation
import Testing

@testable import FaultProbe

struct AttachPlanTests {
    @Test(arguments: FaultSource.allCases)
    func `each source can be attached to`(source: FaultSource) {
        #expect(!AttachPlan.plans(for: source).isEmpty)
    }

    @Test func `each plan is of one source`() {
        let plans = FaultSource.allCases.flatMap { AttachPlan.plans(for: $0) }
        #expect(plans.count == AttachPlan.allCases.count)
        #expect(Set(plans) == Set(AttachPlan.allCases))
        #expect(Set(plans.map(\.name)).count == plans.count)
    }

    @Test(arguments: FaultSource.allCases)
    func `each source has a plan for kernels without a ring buffer`(source: FaultSource) {
        #expect(AttachPlan.plans(for: source).contains { $0.object(for: .perfbuf) != nil })
        #expect(AttachPlan.plans(for: source).allSatisfy { $0.object(for: .ringbuf) != nil })
    }

    @Test(arguments: AttachPlan.allCases)
    func `each mode has its programs, and no wish has all`(plan: AttachPlan) {
        let all = Set(plan.programs(for: []))
        #expect(!all.isEmpty)
        #expect(Set(plan.programs(for: FaultMode.allCases)) == all)
        #expect(Set(FaultMode.allCases.flatMap { plan.programs(for: [$0]) }) == all)
        for mode in FaultMode.allCases { #expect(!plan.programs(for: [mode]).isEmpty) }
    }

    @Test func `the exceptions' programs are chosen by mode`() {
        #expect(AttachPlan.exceptionsTracepoint.programs(for: [.user]) == ["page_fault_user_tracepoint"])
        #expect(AttachPlan.exceptionsTracepoint.programs(for: [.kernel]) == ["page_fault_kernel_tracepoint"])
        #expect(AttachPlan.exceptionsBTF.programs(for: [.user]) == ["page_fault_user_btf"])
    }

    @Test(arguments: AttachPlan.allCases, Transport.allCases)
    func `an object holds each program that its plan names`(plan: AttachPlan, transport: Transport) throws {
        guard plan.object(for: transport) != nil else { return }
        for arch in ["x86_64", "aarch64"] {
            let object = try object(plan, transport, arch)
            for program in plan.programs(for: []) + [AttachPlan.followProgram] {
                #expect(object.holds(program), "\(arch)")
            }
            for map in ["filter", "counters", "processes", "users", "events"] { #expect(object.holds(map), "\(arch)") }
            #expect(!object.holds("page_fault_user"), "half a name is none")
        }
    }

    /// The file that bpf/Makefile makes for a plan.
    private func object(_ plan: AttachPlan, _ transport: Transport, _ arch: String) throws -> ObjectFile {
        let name = switch plan {
        case .exceptionsBTF: "fault_btf"
        case .exceptionsTracepoint, .pageFaultEvents: "fault"
        }
        return try ObjectFile(path: "build/bpf/\(arch)/\(name).\(transport.name).o")
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
