import CLibbpf
import Testing

/// The object that must load on Linux 4.9, walked instruction by instruction: what a later kernel brought has no place in
/// it, whether or not this machine's kernel would take it.
struct BaselineTests {
    static let architectures = ["x86_64", "aarch64"]

    private func object(_ architecture: String) throws -> ObjectFile {
        try ObjectFile("build/bpf/\(architecture)/fault.perfbuf.o")
    }

    /// What needs 4.17, and is loaded only where its program type is known: raw tracepoints end faults that fail.
    private static let laterPrograms: Set = ["signal_generate_raw", "process_exit_raw"]

    /// BPF_FUNC_set_hash_invalid, the last helper of 4.9 (include/uapi/linux/bpf.h at v4.9).
    private static let lastHelper = 41
    /// BPF_MAP_TYPE_CGROUP_ARRAY, the last map type of 4.9.
    private static let lastMapType = 8
    /// BPF_PROG_TYPE_PERF_EVENT, the last program type of 4.9.
    private static let lastProgramType = 7
    /// BPF_MAXINSNS until 5.2.
    private static let longestProgram = 4096

    @Test(arguments: architectures)
    func `holds the programs of the sources`(architecture: String) throws {
        #expect(
            Set(try object(architecture).programs.map(\.name)) == Set([
                "page_fault_user_tracepoint", "page_fault_kernel_tracepoint", "page_fault_event", "minor_fault_event",
                "major_fault_event", "handle_mm_fault_kprobe", "follow_newtask",
            ]).union(Self.laterPrograms))
    }

    @Test(arguments: architectures)
    func `calls only helpers of 4_9`(architecture: String) throws {
        for program in try object(architecture).programs {
            let calls = program.instructions.filter(\.isCall)
            #expect(!calls.isEmpty)
            for call in calls {
                #expect(call.src_reg == 0, "\(program.name) calls a function or a kfunc")
                #expect(1...Self.lastHelper ~= Int(call.imm), "\(program.name) calls helper \(call.imm)")
            }
        }
    }

    @Test(arguments: architectures)
    func `has no instruction that came later`(architecture: String) throws {
        for program in try object(architecture).programs {
            #expect(program.instructions.count <= Self.longestProgram)
            for (place, instruction) in program.instructions.enumerated() {
                #expect(!instruction.isLater, "\(program.name)+\(place) is \(instruction.code)")
            }
            #expect(!program.hasLoop, "\(program.name) has a loop")
        }
    }

    @Test(arguments: architectures)
    func `has only map and program types of 4_9, and no global data`(architecture: String) throws {
        let object = try object(architecture)
        #expect(object.maps.count == 18)
        for map in object.maps {
            #expect(!map.isInternal, "\(map.name) is global data, which needs 5.2")
            #expect(1...Self.lastMapType ~= map.type, "\(map.name) is of type \(map.type)")
        }
        for program in object.programs where !Self.laterPrograms.contains(program.name) {
            #expect(1...Self.lastProgramType ~= program.type)
        }
    }

    @Test(arguments: architectures, ["perfbuf", "ringbuf"])
    func `needs no BTF of the kernel's`(architecture: String, transport: String) throws {
        let object = try ObjectFile("build/bpf/\(architecture)/fault.\(transport).o")
        #expect(object.relocationBytes == 0)
        #expect(!object.namesKernelSymbols)
    }

    /// The same walk finds what the ring buffer's object has: it can fail.
    @Test(arguments: architectures)
    func `the walk sees a later kernel's helpers and maps`(architecture: String) throws {
        let later = try ObjectFile("build/bpf/\(architecture)/fault.ringbuf.o")
        #expect(later.maps.contains { $0.type > Self.lastMapType })
        #expect(later.programs.contains { $0.instructions.contains { $0.isCall && $0.imm > Self.lastHelper } })
    }
}
