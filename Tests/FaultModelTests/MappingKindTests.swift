import FaultModel
import Testing

struct MappingKindTests {
    /// What the name says when it is mapped privately and when it is shared, on a file system with storage.
    @Test(arguments: [
        ("", .anonymous, .sharedMemory), ("//anon", .anonymous, .sharedMemory),
        ("[heap]", .anonymous, .anonymous), ("[anon:dalvik-main space]", .anonymous, .anonymous),
        ("[stack]", .stack, .stack), ("[stack:4163]", .anonymous, .anonymous),
        ("[vdso]", .special, .special), ("[vvar]", .special, .special), ("[vvar_vclock]", .special, .special),
        ("[vectors]", .special, .special), ("[uprobes]", .special, .special),
        ("[anon_shmem:x]", .sharedMemory, .sharedMemory),
        ("/system/lib64/libc.so", .filePrivate, .fileShared), ("/data/app/base.apk", .filePrivate, .fileShared),
        ("/lib/gone.so (deleted)", .filePrivate, .fileShared), ("/", .filePrivate, .fileShared),
        ("//toolong", .filePrivate, .fileShared),
        ("/memfd:jit-cache (deleted)", .sharedMemoryPrivate, .sharedMemory), ("/memfd:", .sharedMemoryPrivate, .sharedMemory),
        ("/SYSV00000000 (deleted)", .sharedMemoryPrivate, .sharedMemory),
        ("/dev/zero (deleted)", .anonymous, .sharedMemory), ("/dev/zero", .anonymous, .sharedMemory),
        ("/dev/ashmem/dalvik-main space (deleted)", .anonymous, .sharedMemory), ("/dev/ashmem", .anonymous, .sharedMemory),
        ("/anon_hugepage (deleted)", .anonymous, .sharedMemory), ("/dev/hugepages/x", .anonymous, .sharedMemory),
        ("/dev/kgsl-3d0", .special, .special), ("/dev/binderfs/hwbinder", .special, .special),
        ("/dmabuf:", .special, .special), ("/[aio] (deleted)", .special, .special),
        ("anon_inode:[perf_event]", .special, .special), ("socket:[4711]", .special, .special),
    ] as [(String, MappingKind, MappingKind)])
    func `a name tells what is behind it`(name: String, privately: MappingKind, shared: MappingKind) {
        #expect(MappingKind(name: name, isShared: false, isInMemory: false) == privately)
        #expect(MappingKind(name: name, isShared: true, isInMemory: false) == shared)
    }

    @Test(arguments: ["/tmp/x", "/dev/shm/x (deleted)", "/memfd:x"])
    func `a file without storage is memory`(name: String) {
        #expect(MappingKind(name: name, isShared: true, isInMemory: true) == .sharedMemory)
        #expect(MappingKind(name: name, isShared: false, isInMemory: true) == .sharedMemoryPrivate)
    }

    @Test func `a device on a file system without storage is none`() {
        #expect(MappingKind(name: "/dev/dri/card0", isShared: true, isInMemory: true) == .special)
    }
}
