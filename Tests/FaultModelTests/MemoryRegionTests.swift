import FaultModel
import Testing

struct MemoryRegionTests {
    private func region(_ name: String) -> MemoryRegion {
        MemoryRegion(name: name, kind: MappingKind(name: name, isShared: false, isInMemory: false))
    }

    /// What Android's meminfo makes of these names (ExtractAndroidHeapStatsFromFile), with its parts of the Java heap.
    @Test(arguments: [
        ("[heap]", .heap), ("[anon:libc_malloc]", .heap), ("[anon:scudo:primary]", .heap), ("[anon:GWP-ASan Guard Page]", .heap),
        ("[stack]", .stack), ("[stack:4163]", .stack), ("[anon:stack_and_tls:4163]", .stack),
        ("/system/lib64/libart.so", .so), ("/data/app/lib.so (deleted)", .so), ("/system/framework/framework.jar", .jar),
        ("/data/app/~~x==/com.example/base.apk", .apk), ("/system/fonts/Roboto-Regular.ttf", .ttf),
        ("/data/app/oat/arm64/base.odex", .dex), ("/data/app/classes.dex", .dex), ("/data/a.dex!x", .dex), ("/data/app/oat/arm64/base.vdex", .dex),
        ("/system/framework/arm64/boot.oat", .oat), ("/system/framework/arm64/boot.art", .art),
        ("[anon:dalvik-/system/framework/boot.art]", .art), ("[anon:dalvik-main space (region space)]", .dalvik),
        ("[anon:dalvik-alloc space]", .dalvik), ("/dev/ashmem/dalvik-main space (deleted)", .dalvik),
        ("[anon:dalvik-large object space allocation]", .dalvikLarge), ("[anon:dalvik-free list large object space]", .dalvikLarge),
        ("[anon:dalvik-zygote space]", .dalvikZygote), ("[anon:dalvik-non moving space]", .dalvikNonMoving),
        ("[anon:dalvik-LinearAlloc]", .dalvikLinearAlloc), ("[anon:dalvik-indirect ref table]", .dalvikReferences),
        ("[anon:dalvik-CompilerMetadata]", .dalvikMetadata), ("[anon:dalvik-jit-code-cache]", .jitCache),
        ("[anon:dalvik-data-code-cache]", .jitCache), ("/memfd:jit-cache (deleted)", .jitCache), ("/memfd:jit-zygote-cache (deleted)", .jitCache),
        ("/dev/ashmem/jit-zygote-cache (deleted)", .jitCache), ("[anon:dalvik-card table]", .dalvikOther),
        ("/dev/ashmem/CursorWindow: /data/x.db (deleted)", .cursor), ("/dev/ashmem/gralloc (deleted)", .ashmem), ("/dev/ashmem", .ashmem),
        ("/dev/kgsl-3d0", .gpu), ("/dev/mali0", .gpu), ("/dev/dri/renderD128", .gpu), ("/dmabuf:", .gpu), ("anon_inode:dmabuf", .gpu),
        ("/dev/binderfs/hwbinder", .device), ("anon_inode:[perf_event]", .device), ("/[aio] (deleted)", .device),
        ("[anon:.bss]", .anonymous), ("[anon:]", .anonymous), ("", .anonymous),
    ] as [(String, MemoryRegion)])
    func `a name tells what Android uses the memory for`(name: String, expected: MemoryRegion) {
        #expect(region(name) == expected)
    }

    @Test(arguments: [
        ("/lib/x86_64-linux-gnu/libc.so.6", .so), ("/lib64/ld-linux-x86-64.so.2", .so), ("/usr/lib/libfoo.so.1.2.3", .so),
        ("/etc/ld.so.cache", .file), ("/home/a.so.d/data", .file), ("/usr/bin/cat", .file), ("/", .file), ("/home/x.so (deleted)", .so),
        ("/home/.so", .so), ("/home/so", .file), ("/home/a.sox", .file), ("/memfd:x", .memfd), ("/memfd:x.so (deleted)", .memfd),
        ("/SYSV00000000 (deleted)", .shared), ("/dev/shm/x", .shared), ("/dev/zero (deleted)", .shared), ("[anon_shmem:x]", .shared),
        ("/anon_hugepage (deleted)", .anonymous), ("[vdso]", .vdso), ("[vvar]", .vdso), ("[vvar_vclock]", .vdso), ("[vsyscall]", .vdso),
    ] as [(String, MemoryRegion)])
    func `a name tells what Linux uses the memory for`(name: String, expected: MemoryRegion) {
        #expect(region(name) == expected)
    }

    @Test func `memory without a name is its owner's or shared`() {
        #expect(MemoryRegion(name: "", kind: .sharedMemory) == .shared)
        #expect(MemoryRegion(name: "", kind: .anonymous) == .anonymous)
    }

    @Test func `no two regions share a word`() {
        #expect(Set(MemoryRegion.allCases.map(\.name)).count == MemoryRegion.allCases.count)
    }
}
