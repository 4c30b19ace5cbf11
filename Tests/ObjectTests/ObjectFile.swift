import CLibbpf

/// A BPF object as libbpf reads it, before any kernel has seen it.
final class ObjectFile {
    struct Program {
        var name: String
        var type: Int
        var instructions: [bpf_insn]
    }

    struct Map {
        var name: String
        var type: Int
        var isInternal: Bool
    }

    struct Unreadable: Error {
        var path: String
    }

    private(set) var programs: [Program] = []
    private(set) var maps: [Map] = []
    /// The length of the CO-RE relocations in .BTF.ext.
    private(set) var relocationBytes: UInt32 = 0
    /// Whether it has symbols of the kernel's, which libbpf looks up in the kernel's BTF.
    private(set) var namesKernelSymbols = false

    /// BTF_KIND_DATASEC of include/uapi/linux/btf.h, which is both a constant and a macro there.
    private static let dataSection: UInt32 = 15

    init(_ path: String) throws {
        guard let object = bpf_object__open_file(path, nil) else { throw Unreadable(path: path) }
        defer { bpf_object__close(object) }
        var program = bpf_object__next_program(object, nil)
        while let found = program {
            programs.append(Program(found))
            program = bpf_object__next_program(object, found)
        }
        var map = bpf_object__next_map(object, nil)
        while let found = map {
            maps.append(Map(found))
            map = bpf_object__next_map(object, found)
        }
        try readTypes(path)
    }

    private func readTypes(_ path: String) throws {
        var extensions: OpaquePointer?
        guard let btf = btf__parse(path, &extensions) else { throw Unreadable(path: path) }
        defer {
            btf__free(btf)
            btf_ext__free(extensions)
        }
        namesKernelSymbols = btf__find_by_name_kind(btf, ".ksyms", Self.dataSection) >= 0
        var size: UInt32 = 0
        guard let bytes = btf_ext__get_raw_data(extensions, &size), size >= 32 else { throw Unreadable(path: path) }
        relocationBytes = Self.relocations(bytes)
    }

    /// `core_relo_len` of struct btf_ext_header, at byte 28 where the header is long enough to have it.
    private static func relocations(_ bytes: UnsafeRawPointer) -> UInt32 {
        let headerLength = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        return headerLength >= 32 ? bytes.loadUnaligned(fromByteOffset: 28, as: UInt32.self) : 0
    }
}

extension ObjectFile.Program {
    init(_ program: OpaquePointer) {
        name = String(cString: bpf_program__name(program))
        type = Int(bpf_program__type(program).rawValue)
        instructions = Array(
            UnsafeBufferPointer(start: bpf_program__insns(program), count: bpf_program__insn_cnt(program)))
    }
}

extension ObjectFile.Program {
    /// Whether an instruction can come to itself again, as kernels before 5.3 look for it: depth first, an edge to an
    /// instruction that is still on the path (kernel/bpf/verifier.c, check_cfg).
    var hasLoop: Bool {
        var isOnPath = Set<Int>()
        var isDone = Set<Int>()
        func visit(_ place: Int) -> Bool {
            if isOnPath.contains(place) { return true }
            guard isDone.insert(place).inserted else { return false }
            isOnPath.insert(place)
            defer { isOnPath.remove(place) }
            return instructions[place].successors.contains { visit(place + $0) }
        }
        return visit(0)
    }
}

extension ObjectFile.Map {
    init(_ map: OpaquePointer) {
        name = String(cString: bpf_map__name(map))
        type = Int(bpf_map__type(map).rawValue)
        isInternal = bpf_map__is_internal(map)
    }
}

/// Opcodes: Documentation/bpf/standardization/instruction-set.rst.
extension bpf_insn {
    private var `class`: UInt8 { code & 0x07 }
    private var operation: UInt8 { code & 0xf0 }

    var isCall: Bool { code == 0x85 }

    private var isExit: Bool { code == 0x95 }
    private var isJump: Bool { `class` == 0x05 && !isCall && !isExit }

    /// How far from this instruction those stand that may come after it.
    var successors: [Int] {
        if isExit { return [] }
        if code == 0x05 { return [1 + Int(off)] }
        if isJump { return [1, 1 + Int(off)] }
        return [code == 0x18 ? 2 : 1]
    }

    /// 32-bit jumps (5.1), the jumps JLT, JLE, JSLT and JSLE (4.14), atomics other than a plain add (5.12), signed division
    /// and sign-extending moves and loads (6.6).
    var isLater: Bool {
        switch `class` {
        case 0x06: true
        case 0x05: operation >= 0xa0
        case 0x03: code & 0xe0 == 0xc0 && imm != 0
        case 0x01: code & 0xe0 == 0x80
        case 0x04, 0x07: off != 0
        default: false
        }
    }
}
