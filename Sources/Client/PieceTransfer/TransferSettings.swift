/// How eagerly pieces are moved.
package struct TransferSettings: Sendable {
    /// Bytes of a piece in one message. Nodes take up to 4 MiB; Go clients send 64 KiB.
    package var chunkSize = 64 << 10
    /// How long a node may be silent, while others move on, before another one is asked in its stead.
    package var stallTime: Duration = .milliseconds(250)
    /// How long a whole segment may make no progress at all before it fails.
    package var timeout: Duration = .seconds(60)
    /// How often failed pieces are given to new nodes before a segment's upload fails.
    package var exchangeRounds = 11

    /// The defaults.
    package init() {}
}
