import CMalloc

/// How this process's memory allocator treats what it is given back.
package enum Allocator {
    /// Bytes up to which blocks come from the heap, and free bytes at its end that are kept: many network buffers.
    private static let threshold: Int32 = 4 << 20

    /// Tunes the allocator for transfers; a program calls this once, before it starts any thread.
    ///
    /// By default glibc gives freed buffers of 128 KiB and more back to the kernel and pays for them again with page
    /// faults, a quarter of a sender's time; and it keeps a heap per thread, which multiplies what is never given back.
    package static func tune() {
        _ = mallopt(M_ARENA_MAX, 2)
        _ = mallopt(M_MMAP_THRESHOLD, threshold)
        _ = mallopt(M_TRIM_THRESHOLD, threshold)
    }
}
