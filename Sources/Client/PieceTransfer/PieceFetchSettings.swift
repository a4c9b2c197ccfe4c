/// How long nodes may take when single pieces are fetched for audits and repair.
///
/// - Source: protocol document 3 §6.3, §6.5.
package struct PieceFetchSettings: Sendable {
    /// From the first packet to the end of the TLS handshake; above the dialer's own limit it has no effect.
    package var dialTime: Duration = .seconds(20)
    /// The least time for shares, after the dial.
    package var minimumTime: Duration = .seconds(15)
    /// The least speed for shares, bytes a second, at least 1.
    package var minimumSpeed: Int64 = 150_000
    /// The time for a whole piece, after the dial.
    package var pieceTime: Duration = .seconds(300)
    /// Bytes in one message, as asked of the node.
    package var chunkSize = 256 << 10

    /// The largest piece: a segment of 64 MiB with k = 1, padded. Memory for a piece is taken as its bytes arrive.
    package static let maximumSize: Int64 = 65 << 20

    /// The defaults.
    package init() {}

    /// How long shares of `size` bytes may take.
    func shareTime(size: Int64) -> Duration { max(minimumTime, .seconds(size) / max(1, minimumSpeed)) }
}
