import CLinux

extension BPFFacts {
    static func gathered(pageSize: UInt32) -> BPFFacts {
        let (program, size) = loadedFilter()
        return BPFFacts(
            map: created(PREFLIGHT_MAP_ARRAY, key: 4, value: 8, entries: 1),
            program: program,
            programSize: size,
            jitEnable: KernelFiles.text("/proc/sys/net/core/bpf_jit_enable"),
            perfEventProgram: loaded(PREFLIGHT_PROG_PERF_EVENT),
            tracepointProgram: loaded(PREFLIGHT_PROG_TRACEPOINT),
            kernelReader: Trial { () throws(Errno) in _ = try Descriptor(preflight_load_kernel_reader()) },
            ringbuf: created(PREFLIGHT_MAP_RINGBUF, key: 0, value: 0, entries: pageSize),
            perfEventArray: created(PREFLIGHT_MAP_PERF_EVENT_ARRAY, key: 4, value: 4, entries: 1))
    }

    private static func created(_ type: UInt32, key: UInt32, value: UInt32, entries: UInt32) -> Trial {
        Trial { () throws(Errno) in _ = try Descriptor(preflight_map_create(type, key, value, entries)) }
    }

    private static func loaded(_ type: UInt32) -> Trial {
        Trial { () throws(Errno) in _ = try Descriptor(preflight_load(type)) }
    }

    private static func loadedFilter() -> (Trial, Reading<ProgramSize>?) {
        do throws(Errno) {
            let program = try Descriptor(preflight_load(PREFLIGHT_PROG_SOCKET_FILTER))
            return (.worked, ProgramSize.of(program))
        } catch {
            return (.refused(error), nil)
        }
    }
}

extension ProgramSize {
    /// By BPF_OBJ_GET_INFO_BY_FD (4.13+).
    fileprivate static func of(_ program: borrowing Descriptor) -> Reading<ProgramSize> {
        var size = ProgramSize(translated: 0, native: 0)
        let result = preflight_program_size(program.number, &size.translated, &size.native)
        return result < 0 ? .failure(Errno(code: -result)) : .success(size)
    }
}
