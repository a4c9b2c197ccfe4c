/// How eagerly pieces are moved.
package struct TransferSettings: Sendable {
    /// The memory of a message of an upload, bytes. Nodes take up to 4 MiB; Go clients send 64 KiB.
    package var chunkSize = 64 << 10
    /// Bytes of a piece in one message of a download. With what is around them they fit in 64 KiB: buffers come in powers
    /// of two, and one byte more would take twice the memory.
    package var downloadChunkSize = (64 << 10) - 256
    /// Bytes of pieces that may wait for others, of all segments together that are fetched at the same time.
    package var downloadMemory = 48 << 20
    /// Credit of the first order of an upload, bytes; the next steps are half as large again.
    package var firstOrder: Int64 = 256 << 10
    /// The largest step. Larger than the Go client's 550 KiB: every order costs its node 0.1 ms.
    package var maximumOrderStep: Int64 = 4 << 20
    /// Bytes of all pieces together that are encoded in one go, so that they stay in the cache.
    package var windowSize = 2 << 20
    /// Windows that a piece may lag behind the others before it gets its shares by itself.
    package var windowsAhead = 2
    /// How long a node may be silent, while others move on, before another one is asked in its stead.
    package var stallTime: Duration = .milliseconds(250)
    /// How long a whole segment may make no progress at all before it fails.
    package var timeout: Duration = .seconds(60)
    /// How often failed pieces are given to new nodes before a segment's upload fails.
    package var exchangeRounds = 11

    /// The defaults.
    package init() {}
}
