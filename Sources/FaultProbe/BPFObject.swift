import CFaultObjects
import CLibbpf
import CLinux

/// An open BPF object; closing it unloads what nothing else holds.
struct BPFObject: ~Copyable {
    private let object: OpaquePointer

    /// Parses the object file. None of its programs is loaded unless asked for: their sections begin with `?`.
    init(_ file: fault_object) throws(ProbeError) {
        libbpf_log_clear()
        guard let object = bpf_object__open_mem(file.bytes, file.size, nil) else {
            throw ProbeError(.open, "faults", detail: libbpfWords())
        }
        self.object = object
    }

    deinit { bpf_object__close(object) }

    func load(_ subject: String) throws(ProbeError) {
        let object = self.object
        try checked(.load, subject) { bpf_object__load(object) }
    }

    func program(_ name: String) throws(ProbeError) -> BPFProgram {
        guard let program = name.withCString({ bpf_object__find_program_by_name(object, $0) }) else {
            throw ProbeError(.open, name, detail: "the object does not hold it")
        }
        return BPFProgram(name: name, program: program)
    }

    func map(_ name: String) throws(ProbeError) -> BPFMap {
        guard let map = name.withCString({ bpf_object__find_map_by_name(object, $0) }) else {
            throw ProbeError(.open, name, detail: "the object does not hold it")
        }
        return BPFMap(name: name, map: map)
    }
}

extension BPFObject {
    /// Its constants, if it has any; to be initialised before it is loaded.
    var constants: BPFMap? { bpf_object__find_map_by_name(object, ".rodata").map { BPFMap(name: ".rodata", map: $0) } }
}

/// A program of an object that is still open.
struct BPFProgram {
    let name: String
    let program: OpaquePointer

    func enable() throws(ProbeError) {
        let program = self.program
        try checked(.open, name) { bpf_program__set_autoload(program, true) }
    }

    /// Attaches by what the section's name says.
    func attach() throws(ProbeError) -> BPFLink { try link { bpf_program__attach(program) } }

    /// Attaches to the entry of the first of these functions that can be probed.
    ///
    /// - Throws: why the first could not, for the others are only its substitutes.
    func attach(toFirstOf functions: [String]) throws(ProbeError) -> BPFLink {
        var failure: ProbeError?
        for function in functions {
            do throws(ProbeError) {
                return try link { function.withCString { bpf_program__attach_kprobe(program, false, $0) } }
            } catch {
                failure = failure ?? error
            }
        }
        throw failure ?? ProbeError(.attach, name, detail: "it has no function to go to")
    }

    /// Attaches to a perf event, which the link closes with itself.
    func attach(perfEvent: Int32) throws(ProbeError) -> BPFLink {
        try link { bpf_program__attach_perf_event(program, perfEvent) }
    }

    private func link(_ attach: () -> OpaquePointer?) throws(ProbeError) -> BPFLink {
        libbpf_log_clear()
        guard let link = attach() else {
            throw ProbeError(.attach, name, result: linux_last_error(), detail: libbpfWords())
        }
        return BPFLink(link: link)
    }
}

/// An attachment; it lasts as long as this object.
final class BPFLink {
    private let link: OpaquePointer

    init(link: OpaquePointer) { self.link = link }

    deinit { bpf_link__destroy(link) }
}

/// A map of an object that is still open.
struct BPFMap {
    let name: String
    let map: OpaquePointer

    var descriptor: Int32 { bpf_map__fd(map) }

    /// Before the object is loaded.
    func resize(_ entries: UInt32) throws(ProbeError) {
        let map = self.map
        try checked(.open, name) { bpf_map__set_max_entries(map, entries) }
    }

    /// How many bytes a value has; before the object is loaded.
    func widen(_ bytes: Int) throws(ProbeError) {
        let map = self.map
        try checked(.open, name) { bpf_map__set_value_size(map, UInt32(bytes)) }
    }

    /// Before the object is loaded, for a map that is all of one value.
    func initialise<Value: BitwiseCopyable>(_ value: Value) throws(ProbeError) {
        let map = self.map
        var value = value
        try checked(.open, name) { bpf_map__set_initial_value(map, &value, MemoryLayout<Value>.size) }
    }

    func set<Key: BitwiseCopyable, Value: BitwiseCopyable>(_ key: Key, _ value: Value) throws(ProbeError) {
        let descriptor = self.descriptor
        var (key, value) = (key, value)
        try checked(.fillMap, name) { bpf_map_update_elem(descriptor, &key, &value, UInt64(BPF_ANY)) }
    }
}
