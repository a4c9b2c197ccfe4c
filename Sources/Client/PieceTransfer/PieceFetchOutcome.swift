package import NIOCore
package import WireMessages

/// How a node did when it was asked for a piece.
///
/// - Source: protocol document 3 §6.3, §6.4.
package enum PieceFetchOutcome: Sendable {
    /// All bytes arrived; those of a whole piece are proven.
    case data(FetchedPiece)
    /// Nobody answered at the node's address, or somebody else.
    case offline(String)
    /// The node says that it does not have the piece.
    case notFound
    /// The node answered the dial, and was too slow then.
    case timedOut
    /// The node sent what cannot be the piece: the proof is missing or wrong, the size, the hash, or the order of bytes.
    case invalid(String)
    /// Anything else: a refusal, an error of the node's, a lost connection. It says nothing about the piece.
    case failed(String)

    /// Whether the bytes are there.
    package var isData: Bool {
        if case .data = self { true } else { false }
    }
}

extension PieceFetchOutcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .data(let piece): "\(piece.bytes.readableBytes) bytes"
        case .offline(let reason): "offline: \(reason)"
        case .notFound: "not found"
        case .timedOut: "timed out"
        case .invalid(let reason): "invalid: \(reason)"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

/// What was fetched.
package struct FetchedPiece: Sendable {
    /// Exactly the bytes asked for.
    package let bytes: ByteBuffer
    /// What the uploader signed, verified; nil for shares.
    package let hash: PieceHash?
    /// The limit under which the piece was stored, verified; nil for shares.
    package let originalLimit: OrderLimit?
    /// Whether the node had thrown the piece away and took it out of its trash for this call.
    package let wasInTrash: Bool
}
