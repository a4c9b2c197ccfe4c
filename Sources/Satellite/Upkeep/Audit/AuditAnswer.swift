import NIOCore
import PieceTransfer
package import StorageModel

/// A piece and the node that is to have it.
package struct PieceHolder: Hashable, Sendable {
    /// Which piece.
    package let number: Int
    /// Who holds it.
    package let node: NodeID

    /// A holder.
    package init(number: Int, node: NodeID) {
        self.number = number
        self.node = node
    }
}

/// What the holder of a piece answered to a stripe audit.
package struct AuditAnswer: Sendable {
    /// The answer itself.
    package enum Content: Sendable {
        /// As many bytes as were asked for; whether they are right shows beside the others'.
        case share([UInt8])
        /// Not reached, or not tried because the satellite knows it is offline.
        case offline(String)
        /// The node says that it does not have the piece.
        case notFound
        /// Reached, and silent.
        case timedOut
        /// Anything else, which says nothing about the piece.
        case error(String)
    }

    /// Who answered, for which piece.
    package let holder: PieceHolder
    /// What.
    package let content: Content

    /// An answer.
    package init(_ holder: PieceHolder, _ content: Content) {
        self.holder = holder
        self.content = content
    }

    /// What a fetch of `size` bytes came to.
    init(_ holder: PieceHolder, _ outcome: PieceFetchOutcome, size: Int) {
        self.holder = holder
        content =
            switch outcome {
            case .data(let piece) where piece.bytes.readableBytes == size: .share(Array(piece.bytes.readableBytesView))
            case .data(let piece): .error("\(piece.bytes.readableBytes) bytes instead of \(size)")
            case .offline(let reason): .offline(reason)
            case .notFound: .notFound
            case .timedOut: .timedOut
            case .invalid(let reason), .failed(let reason): .error(reason)
            }
    }
}
