import FaultModel
import Glibc
import Testing

@testable import FaultProbe

struct MapsFileTests {
    private let maps = MapsFile(
        MemoryFileSystems(
            Array(
                """
                21 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
                22 28 0:21 / /proc - tmp rw
                24 28 253:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
                25 28 0:5 / /dev rw,nosuid - devtmpfs udev rw,size=4k
                29 25 0:26 / /dev/shm rw master:2 propagate_from:1 - tmpfs tmpfs rw
                30 25 0:26 / /twice rw - tmpfs tmpfs rw
                31 25 0:x / /bad rw - tmpfs tmpfs rw
                32 25 0:9
                """.utf8)))

    private func mapping(_ line: String) -> MemoryMapping? { maps.mapping(Array(line.utf8)[...]) }

    @Test func `file systems without storage are found`() {
        let devices = MemoryFileSystems(Array("1 2 0:26 / / rw - tmpfs x y\n1 2 0:27 / / - rootfs x y\n3 4 8:1 / / rw - f2fs x y".utf8)).devices
        #expect(devices == [DeviceNumber(major: 0, minor: 26), DeviceNumber(major: 0, minor: 27)])
    }

    @Test(arguments: [
        ("55d0c2a00000-55d0c2a01000 r-xp 00001000 fd:01 1234                       /usr/bin/cat", .filePrivate, "/usr/bin/cat", 0x1000),
        ("55d0c2a00000-55d0c2a01000 rw-s 00000000 fd:01 1234    /a b  c (deleted)", .fileShared, "/a b  c (deleted)", 0),
        ("55d0c2a00000-55d0c2a01000 rw-p 00000000 00:00 0 ", .anonymous, "", 0),
        ("55d0c2a00000-55d0c2a01000 rw-p 00000000 00:00 0", .anonymous, "", 0),
        ("55d0c2a00000-55d0c2a01000 rw-p 00000000 00:00 0                          [heap]", .anonymous, "[heap]", 0),
        ("55d0c2a00000-55d0c2a01000 rw-p 00000000 00:00 0   [anon:dalvik-main space (region space)]", .anonymous, "[anon:dalvik-main space (region space)]", 0),
        ("7ffc0000000-7ffc0021000 rw-p 00000000 00:00 0                          [stack]", .stack, "[stack]", 0),
        ("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]", .special, "[vsyscall]", 0),
        ("7f00-7f10 rw-s 00000000 00:01 1027   /memfd:jit-cache (deleted)", .sharedMemory, "/memfd:jit-cache (deleted)", 0),
        ("7f00-7f10 rw-p 00000000 00:05 9   /dev/ashmem/dalvik-main space (deleted)", .anonymous, "/dev/ashmem/dalvik-main space (deleted)", 0),
        ("7f00-7f10 rw-s 00000000 00:01 3   /dev/zero (deleted)", .sharedMemory, "/dev/zero (deleted)", 0),
        ("7f00-7f10 rw-s 00000000 00:01 32768   /SYSV00000000 (deleted)", .sharedMemory, "/SYSV00000000 (deleted)", 0),
        ("7f00-7f10 rw-s 00000000 00:1a 4   /dev/shm/x", .sharedMemory, "/dev/shm/x", 0),
        ("7f00-7f10 r--p 00002000 00:1a 4   /twice/x", .sharedMemoryPrivate, "/twice/x", 0x2000),
        ("7f00-7f10 rw-s 100000000 00:05 4   /dev/kgsl-3d0", .special, "/dev/kgsl-3d0", 1 << 32),
    ] as [(String, MappingKind, String, UInt64)])
    func `a line is read`(line: String, kind: MappingKind, name: String, offset: UInt64) {
        let mapping = mapping(line)
        #expect(mapping?.kind == kind && mapping?.name == name && mapping?.offset == offset)
    }

    @Test(arguments: [("rw-p", true), ("r--p", false), ("-w-s", true), ("r-xp", false), ("---p", false)])
    func `whether it can be written to is read`(permissions: String, isWritable: Bool) {
        #expect(mapping("1000-2000 \(permissions) 0 fd:01 7 /x")?.isWritable == isWritable)
    }

    @Test func `which file it is is read`() {
        #expect(mapping("1000-2000 rw-p 0 fd:1a 18446744073709551615 /x")?.file == FileIdentity(device: 0xfd << 32 | 0x1a, inode: .max))
        #expect(mapping("1000-2000 rw-p 0 00:00 0 [heap]")?.file == .unknown)
    }

    @Test func `a range is read to the last digit`() {
        let mapping = mapping("ffffffffff600000-ffffffffffffffff --xp 00000000 00:00 0")
        #expect(mapping?.start == 0xffff_ffff_ff60_0000 && mapping?.end == .max)
    }

    @Test(arguments: [
        "", " ", "x", "1-2", "2-1 rw-p 0 00:00 0", "1-1 rw-p 0 00:00 0", "1-2-3 rw-p 0 00:00 0", "1-2 rw- 0 00:00 0", "1-2 rw-p g 00:00 0",
        "1-2 rw-p 0 0000 0", "1-11111111111111111 rw-p 0 00:00 0", "-2 rw-p 0 00:00 0",
    ])
    func `anything else is no mapping`(line: String) { #expect(mapping(line) == nil) }

    @Test func `a process's own mappings have its code and its stack`() {
        let mappings = MapsFile(.live()).mappings(of: UInt32(getpid()))
        #expect(mappings?.contains { $0.kind == .stack } == true)
        #expect(mappings?.contains { $0.kind == .filePrivate && $0.name.hasPrefix("/") } == true)
        #expect(zip(mappings ?? [], mappings?.dropFirst() ?? []).allSatisfy { $0.end <= $1.start })
    }

    @Test func `a process that is not there has none`() { #expect(MapsFile(.live()).mappings(of: .max) == nil) }
}
