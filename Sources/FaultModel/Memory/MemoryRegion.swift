/// What a mapping is used for, in the classes of Android's meminfo (frameworks/base, core/jni/android_os_Debug.cpp; today
/// system/memory/libmeminfo) and the like of them on Linux.
public enum MemoryRegion: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// Nothing is known to be there.
    case unknown = 0
    /// The native heap: brk(2)'s, and what malloc names on Android.
    case heap
    /// The Java heap: main and alloc space.
    case dalvik
    case dalvikLarge
    case dalvikZygote
    case dalvikNonMoving
    /// What the runtime keeps beside its heap.
    case dalvikLinearAlloc
    case dalvikReferences
    case dalvikMetadata
    case dalvikOther
    /// Code that was compiled while it ran.
    case jitCache
    /// A main thread's stack, or another thread's where it has a name.
    case stack
    /// Rows of a database on their way to a client.
    case cursor
    case ashmem
    /// Memory that the graphics processor sees too.
    case gpu
    /// Any other device, and the kernel's own descriptors.
    case device
    /// A shared library, and the zeros behind its data.
    case so
    /// The program itself, and the zeros behind its data.
    case exe
    case jar
    case apk
    case ttf
    /// Bytecode: .dex, .odex and .vdex.
    case dex
    case oat
    case art
    /// Any other file.
    case file
    /// Memory that processes share: System V's, POSIX's, shared anonymous memory.
    case shared
    case memfd
    /// Pages that the kernel lends each process: [vdso], [vvar].
    case vdso
    /// Memory of the process alone that has no name that tells more.
    case anonymous
    /// The kernel's half of the addresses.
    case kernel

    /// The word in lines, JSON and CSV.
    public var name: String {
        switch self {
        case .unknown: "unknown"
        case .heap: "heap"
        case .dalvik: "dalvik"
        case .dalvikLarge: "dalvik_large"
        case .dalvikZygote: "dalvik_zygote"
        case .dalvikNonMoving: "dalvik_non_moving"
        case .dalvikLinearAlloc: "dalvik_linear_alloc"
        case .dalvikReferences: "dalvik_references"
        case .dalvikMetadata: "dalvik_metadata"
        case .dalvikOther: "dalvik_other"
        case .jitCache: "jit_cache"
        case .stack: "stack"
        case .cursor: "cursor"
        case .ashmem: "ashmem"
        case .gpu: "gpu"
        case .device: "device"
        case .so: "so"
        case .exe: "exe"
        case .jar: "jar"
        case .apk: "apk"
        case .ttf: "ttf"
        case .dex: "dex"
        case .oat: "oat"
        case .art: "art"
        case .file: "file"
        case .shared: "shared"
        case .memfd: "memfd"
        case .vdso: "vdso"
        case .anonymous: "anonymous"
        case .kernel: "kernel"
        }
    }
}
