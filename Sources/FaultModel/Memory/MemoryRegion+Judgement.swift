extension MemoryRegion {
    /// Judges by the name that the kernel gives a mapping, in the order in which Android's meminfo looks at it. The program's
    /// own file is `file` here: a name does not tell that it runs.
    ///
    /// - Parameter name: as /proc/PID/maps has it; empty for memory without a name.
    public init(name: String, kind: MappingKind) {
        var bytes = name.utf8[...]
        if bytes.ends(" (deleted)") { bytes = bytes.dropLast(10) }
        self = switch kind {
        case _ where bytes.isEmpty: kind == .sharedMemory ? .shared : .anonymous
        case .stack: .stack
        default: Self.labelled(bytes) ?? Self.ended(bytes) ?? Self.placed(bytes)
        }
    }

    /// Memory that its owner has given a label: `[anon:…]`, or by the name of its ashmem or memfd.
    private static func labelled(_ name: Substring.UTF8View) -> MemoryRegion? {
        if name.begins("[anon:") { return inside(name.dropFirst(6).dropLast(1)) ?? .anonymous }
        if name.begins("[anon_shmem:") { return inside(name.dropFirst(12).dropLast(1)) ?? .shared }
        if name.begins("/dev/ashmem/") { return inside(name.dropFirst(12)) ?? .ashmem }
        if name.begins("/memfd:") { return inside(name.dropFirst(7)) ?? .memfd }
        return nil
    }

    private static func inside(_ label: Substring.UTF8View) -> MemoryRegion? {
        if label.ends(".art") { return .art }
        if label.begins("dalvik-") { return dalvik(label.dropFirst(7)) }
        if label.begins("libc_malloc") || label.begins("libc malloc") || label.begins("scudo:") || label.begins("GWP-ASan") { return .heap }
        if label.begins("stack_and_tls:") { return .stack }
        if label.begins("CursorWindow") { return .cursor }
        return label.begins("jit-cache") || label.begins("jit-zygote-cache") ? .jitCache : nil
    }

    private static func dalvik(_ part: Substring.UTF8View) -> MemoryRegion {
        if part.begins("main space") || part.begins("alloc space") { return .dalvik }
        if part.begins("large object space") || part.begins("free list large object space") { return .dalvikLarge }
        if part.begins("zygote space") { return .dalvikZygote }
        if part.begins("non moving space") { return .dalvikNonMoving }
        if part.begins("LinearAlloc") { return .dalvikLinearAlloc }
        if part.begins("indirect ref") { return .dalvikReferences }
        if part.begins("CompilerMetadata") { return .dalvikMetadata }
        return part.begins("jit-code-cache") || part.begins("data-code-cache") ? .jitCache : .dalvikOther
    }

    /// A file, by how its name ends; Linux puts a library's version behind `.so`, which begins with a digit.
    private static func ended(_ name: Substring.UTF8View) -> MemoryRegion? {
        guard name.begins("/"), !name.begins("/dev/") else { return nil }
        if name.ends(".so") || name.base(after: ".so.")?.isNumber == true { return .so }
        if name.ends(".jar") { return .jar }
        if name.ends(".apk") { return .apk }
        if name.ends(".ttf") { return .ttf }
        if name.ends(".odex") || name.ends(".vdex") || name.base(after: ".dex") != nil { return .dex }
        if name.ends(".oat") { return .oat }
        return name.ends(".art") ? .art : nil
    }

    /// The rest, by where it is.
    private static func placed(_ name: Substring.UTF8View) -> MemoryRegion {
        if name.begins("[heap]") { return .heap }
        if name.begins("[stack") { return .stack }
        if name.begins("[v") { return .vdso }
        if isGraphics(name) { return .gpu }
        if name.begins("/dev/ashmem") { return .ashmem }
        if name.begins("/dev/shm/") || name.begins("/dev/zero") || name.begins("/SYSV") { return .shared }
        if name.begins("/anon_hugepage") || name.begins("/dev/hugepages/") { return .anonymous }
        return !name.begins("/") || name.begins("/dev/") || name.begins("/[") ? .device : .file
    }

    private static func isGraphics(_ name: Substring.UTF8View) -> Bool {
        name.begins("/dev/kgsl-3d0") || name.begins("/dev/mali") || name.begins("/dev/dri/") || name.begins("/dev/pvr")
            || name.begins("/dev/nvidia") || name.begins("/dmabuf") || name.begins("anon_inode:dmabuf")
    }
}

/// Comparisons byte by byte; those of `String` go by Unicode's rules and bring their tables along.
extension Substring.UTF8View {
    func begins(_ prefix: StaticString) -> Bool { prefix.withUTF8Buffer { starts(with: $0) } }

    func ends(_ ending: StaticString) -> Bool {
        ending.withUTF8Buffer { count >= $0.count && dropFirst(count - $0.count).elementsEqual($0) }
    }

    fileprivate var isNumber: Bool { first.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false }

    /// What stands behind this in the part behind the last slash; nil: it has none.
    fileprivate func base(after part: StaticString) -> Substring.UTF8View? {
        var rest = self[(lastIndex(of: UInt8(ascii: "/")).map { index(after: $0) } ?? startIndex)...]
        while !rest.isEmpty {
            if rest.begins(part) { return rest.dropFirst(part.utf8CodeUnitCount) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
