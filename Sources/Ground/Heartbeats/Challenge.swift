import Ethereum
package import StorageModel

/// Which chunks a farmer must show for a period: nobody could know them before, and anybody can recompute them.
///
/// - Source: economy design §5.2.
package struct Challenge: Hashable, Sendable {
    /// Samples of a heartbeat unless the agreement says otherwise.
    package static let standardSampleCount = 80

    /// What the samples derive from.
    package let seed: Bytes32
    /// Chunks of the committed set.
    package let total: UInt64
    /// How many samples, at least 1.
    package let sampleCount: Int

    /// The challenge of a period: `seed = keccak256(beacon ‖ agreement ‖ u256(period))`.
    ///
    /// - Parameters:
    ///   - beacon: what became public after the set was committed to.
    ///   - agreement: the agreement's id, or that of what stands in its place.
    package init(
        beacon: Bytes32, agreement: Bytes32, period: UInt64, total: UInt64, sampleCount: Int = standardSampleCount
    ) {
        let words = beacon.words + agreement.words + [0, 0, 0, period]
        self.init(seed: Self.hash(words), total: total, sampleCount: sampleCount)
    }

    /// A challenge whose seed is known.
    package init(seed: Bytes32, total: UInt64, sampleCount: Int) {
        precondition(sampleCount >= 1, "a challenge asks for something")
        self.seed = seed
        self.total = total
        self.sampleCount = sampleCount
    }

    /// The chunk that sample `index` asks for; nil when the set is empty.
    ///
    /// Sample 0 is `seed mod total`, sample j `keccak256(seed ‖ u256(j)) mod total`.
    package func chunk(sample index: Int) -> UInt64? {
        guard total > 0 else { return nil }
        let number = index == 0 ? seed : Self.hash(seed.words + [0, 0, 0, UInt64(index)])
        return number.words.reduce(0) { remainder, word in
            total.dividingFullWidth((remainder, word)).remainder
        }
    }

    /// The chunks of all samples; a chunk may come twice.
    package var chunks: [UInt64] { (0..<sampleCount).compactMap { chunk(sample: $0) } }

    /// Words as `abi.encode` of 32-byte values lays them out.
    private static func hash(_ words: [UInt64]) -> Bytes32 {
        Keccak256.hash(words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) } })
    }
}
