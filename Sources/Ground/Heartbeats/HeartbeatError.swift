package import StorageModel

/// Why a set cannot be committed to, or bytes are not a proof or a report.
package enum HeartbeatError: Error, Hashable, CustomStringConvertible {
    /// The same piece twice in one set.
    case duplicatePiece(PieceID)
    /// More chunks than can be counted.
    case tooManyChunks
    /// A sampled chunk lies outside the set.
    case noSuchChunk(UInt64)
    /// Bytes that are not what they should be; the text names the part.
    case malformed(String)

    package var description: String {
        switch self {
        case .duplicatePiece(let id): "piece \(id) is in the set twice"
        case .tooManyChunks: "the set has more chunks than can be counted"
        case .noSuchChunk(let chunk): "the set has no chunk \(chunk)"
        case .malformed(let part): "malformed \(part)"
        }
    }
}
