/// How garbage is collected.
package struct GarbageSettings: Sendable {
    /// The pause between two collections; zero collects only when told.
    package var interval: Duration = .seconds(24 * 3600)
    /// The share of garbage that a filter lets stand, in `0..<1`.
    package var falsePositiveRate = 0.1
    /// Bytes of a filter at most.
    package var maximumFilterSize = 2_000_000
    /// Pieces a node is taken to have while nobody has counted them.
    package var expectedPieceCount = 400_000
    /// Nodes that are spoken to at the same time.
    package var concurrency = 100
    /// How long a node may take to accept its filter.
    package var timeout: Duration = .seconds(60)
    /// A pass that sees fewer than this share of the last one's segments is doubted.
    package var suspiciousRatio = 0.5
    /// How long passes must go on seeing so few before they are believed.
    package var doubtTime: Duration = .seconds(3 * 24 * 3600)
    /// A satellite that was silent for longer may be a backup of itself.
    package var maximumGap: Duration = .seconds(12 * 3600)
    /// How long nothing is sent then: time to find a newer backup.
    package var holdTime: Duration = .seconds(3 * 24 * 3600)

    /// The defaults.
    package init() {}
}
