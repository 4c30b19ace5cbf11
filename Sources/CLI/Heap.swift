import CMalloc

/// The C library's allocator.
enum Heap {
    /// Lets all threads have one arena, as long as there is one thread. The work wanders between the runtime's threads, and glibc would
    /// give each an arena of its own, of which none uses what another has free: a dashboard took half as much again.
    static func shareArena() {
        #if canImport(Glibc)
        _ = mallopt(M_ARENA_MAX, 1)
        #endif
    }
}
