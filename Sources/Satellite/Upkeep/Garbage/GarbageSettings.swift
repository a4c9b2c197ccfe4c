/// How garbage is collected.
package struct GarbageSettings: Sendable {
    /// The pause between two collections.
    package var interval: Duration = .seconds(24 * 3600)
    /// The share of garbage that a filter lets stand, in `0..<1`.
    package var falsePositiveRate = 0.1
    /// Bytes of a filter at most.
    package var maximumFilterSize = 2_000_000
    /// Pieces a node is taken to have while nobody has counted them.
    package var expectedPieceCount = 400_000
    /// Nodes that are sent their filter at the same time.
    package var concurrency = 100
    /// How long a node may take to accept its filter.
    package var timeout: Duration = .seconds(60)
    /// A pass that sees fewer than this share of the last one's segments sends nothing: something is wrong.
    package var suspiciousRatio = 0.5

    /// The defaults.
    package init() {}
}
