/// What a mapping is used for, in the classes of Android's meminfo (android_os_Debug.cpp) and the like of them on Linux.
public enum MemoryRegion: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    case unknown = 0
}
