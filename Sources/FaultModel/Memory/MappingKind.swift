/// What stands behind a range of a process's addresses.
public enum MappingKind: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// Memory of the process alone, without a file: heap, arenas, threads' stacks.
    case anonymous = 1
    /// A file, of which written pages become copies.
    case filePrivate = 2
    /// A file, of which written pages go back to it.
    case fileShared = 3
    /// Memory that has a name or none, but no storage: memfd, ashmem, tmpfs, System V, shared anonymous memory.
    case sharedMemory = 4
    /// The same, of which written pages become copies.
    case sharedMemoryPrivate = 5
    /// The main thread's stack, which grows downwards by itself.
    case stack = 6
    /// Pages that are neither memory nor file to the kernel: devices, [vdso], [vvar], rings of other subsystems.
    case special = 7

    /// Whether a write makes a copy of a page that is shared.
    public var copiesOnWrite: Bool {
        switch self {
        case .anonymous, .filePrivate, .sharedMemoryPrivate, .stack: true
        case .fileShared, .sharedMemory, .special: false
        }
    }
}

extension MappingKind {
    /// Judges by the name that the kernel gives the mapping in /proc/PID/maps or in a PERF_RECORD_MMAP2.
    ///
    /// - Parameters:
    ///   - isShared: mapped with MAP_SHARED.
    ///   - isInMemory: the file is on a file system without storage, such as tmpfs.
    public init(name: String, isShared: Bool, isInMemory: Bool) {
        if name.isEmpty || name == "//anon" {
            self = isShared ? .sharedMemory : .anonymous
        } else if name.begins("[") {
            self = Self.bracketed(name)
        } else if name.begins("/dev/") {
            self = Self.device(name, isShared, isInMemory)
        } else if !name.begins("/") || name.begins("/[aio]") || name.begins("/dmabuf") {
            self = .special
        } else if name.begins("/anon_hugepage") {
            self = isShared ? .sharedMemory : .anonymous
        } else {
            self = Self.file(isShared, isInMemory || name.begins("/memfd:") || name.begins("/SYSV"))
        }
    }

    private static func file(_ isShared: Bool, _ isInMemory: Bool) -> MappingKind {
        switch (isShared, isInMemory) {
        case (false, false): .filePrivate
        case (true, false): .fileShared
        case (true, true): .sharedMemory
        case (false, true): .sharedMemoryPrivate
        }
    }

    /// `[stack:TID]` is a thread's stack (before 4.5), which does not grow.
    private static func bracketed(_ name: String) -> MappingKind {
        if name == "[stack]" { return .stack }
        if name.begins("[anon_shmem:") { return .sharedMemory }
        return name == "[heap]" || name.begins("[anon:") || name.begins("[stack:") ? .anonymous : .special
    }

    /// Below /dev stand devices, and files of tmpfs. /dev/zero and ashmem make private mappings anonymous ones
    /// (mmap_zero, ashmem_mmap: vma_set_anonymous).
    private static func device(_ name: String, _ isShared: Bool, _ isInMemory: Bool) -> MappingKind {
        if name.begins("/dev/zero") || name.begins("/dev/ashmem") { return isShared ? .sharedMemory : .anonymous }
        if name.begins("/dev/hugepages/") { return isShared ? .sharedMemory : .anonymous }
        return name.begins("/dev/shm/") ? file(isShared, isInMemory) : .special
    }
}

extension String {
    /// Whether it begins so, byte by byte; `hasPrefix` compares by Unicode's rules and brings their tables along.
    fileprivate func begins(_ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { utf8.starts(with: $0) }
    }
}
