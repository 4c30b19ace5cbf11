/// Why a page was not there, or not so: what the kernel had to do about it.
public enum FaultCause: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// The first touch of anonymous memory: a page of zeros.
    case zeroFill = 1
    /// The first write to a page that is shared with another process or with a file.
    case copyOnWrite = 2
    /// A page of a file that was in memory already (the page cache) and only had to be mapped.
    case file = 3
    /// A page of a file that had to be read from storage.
    case fileRead = 4
    /// An anonymous page that had been moved to swap; on phones that is zram.
    case swapIn = 5
    /// A page of memory that several processes share: memfd, ashmem, tmpfs, System V.
    case sharedMemory = 6
    /// A page that was mapped, but not for this access, and then was: dirty tracking, access flag, NUMA hints.
    case protection = 7
    /// The stack grew over its old end.
    case stackGrowth = 8
    /// No mapping, or one that does not allow the access: a signal, or EFAULT to the system call.
    case badAccess = 9

    /// The name in JSON and CSV.
    public var name: String {
        switch self {
        case .zeroFill: "zero_fill"
        case .copyOnWrite: "copy_on_write"
        case .file: "file"
        case .fileRead: "file_read"
        case .swapIn: "swap_in"
        case .sharedMemory: "shared_memory"
        case .protection: "protection"
        case .stackGrowth: "stack_growth"
        case .badAccess: "bad_access"
        }
    }

    /// The cause in words for people.
    public var words: String {
        switch self {
        case .zeroFill: "first touch"
        case .copyOnWrite: "copy on write"
        case .file: "page cache"
        case .fileRead: "storage read"
        case .swapIn: "swap in"
        case .sharedMemory: "shared memory"
        case .protection: "protection"
        case .stackGrowth: "stack growth"
        case .badAccess: "bad access"
        }
    }
}
