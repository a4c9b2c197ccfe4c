import DRPC
import Identity
import Orders
import Overlay
import PieceTransfer
import StorageModel
import WireMessages

/// Downloads for audits: openly as the satellite, or disguised as somebody's download.
///
/// A disguised audit uses the ordinary action, a limit for the whole piece with a sealed note like every customer's, and
/// a connection whose identity the node has never seen. A node that serves audits and refuses customers does not know
/// which it has before it.
struct AuditFetch: Sendable {
    let parts: UpkeepParts
    let open: PieceFetch
    let disguised: PieceFetch
    let bandwidth: BandwidthLimit

    /// Whom the disguised audits are charged to in the accounts: nobody's project.
    static let ownProject = ProjectID()
    /// Names of buckets as long as customers' are: the length of the sealed note shows theirs.
    private static let bucketLengths = 3...24

    /// Bytes of one piece.
    struct Range: Hashable, Sendable {
        let offset: Int64
        let size: Int
    }

    /// What all downloads of one audit have in common.
    struct Ticket: Sendable {
        let key: PieceKey
        let terms: OrderTerms
        let isDisguised: Bool
    }

    /// A fresh ticket, once there is bandwidth for all of it: limits grow old while they wait.
    ///
    /// - Parameters:
    ///   - action: what an open audit asks for.
    ///   - limit: the most bytes of every piece.
    ///   - count: pieces that are asked for.
    /// - Throws: `CancellationError`.
    func ticket(
        _ action: PieceAction, _ remote: RemoteSegmentPlace, limit: Int64, count: Int, isDisguised: Bool
    ) async throws -> Ticket {
        try await bandwidth.take(limit * Int64(count))
        let key = PieceKey.generate(random: parts.random)
        let terms = OrderTerms(
            action: isDisguised ? .get : action, limit: isDisguised ? remote.pieceSize : limit,
            rootPieceID: remote.rootPieceID, uplinkPublicKey: key.publicKey,
            metadata: isDisguised ? OrderMetadata(project: Self.ownProject, bucket: bucketName()) : nil,
            now: parts.clock.now(), random: parts.random)
        return Ticket(key: key, terms: terms, isDisguised: isDisguised)
    }

    /// Some bytes of a piece.
    ///
    /// - Throws: `OrdersError`, `CancellationError`.
    func share(
        _ ticket: Ticket, _ holder: PieceHolder, _ node: NodeRecord, _ range: Range
    ) async throws -> PieceFetchOutcome {
        let fetch = ticket.isDisguised ? disguised : open
        return try await ask(ticket, holder, node) { limit in
            try await fetch.share(limit, key: ticket.key, offset: range.offset, size: range.size)
        }
    }

    /// A whole piece with its proof.
    ///
    /// - Throws: `OrdersError`, `CancellationError`.
    func piece(
        _ ticket: Ticket, _ holder: PieceHolder, _ node: NodeRecord, size: Int64
    ) async throws -> PieceFetchOutcome {
        try await ask(ticket, holder, node) { limit in
            try await open.piece(limit, key: ticket.key, size: size, satellite: parts.identity.peer)
        }
    }

    /// Asks where the node was last found, and if nobody is there, where it says it is.
    private func ask(
        _ ticket: Ticket, _ holder: PieceHolder, _ node: NodeRecord,
        _ fetch: (AddressedLimit) async throws -> PieceFetchOutcome
    ) async throws -> PieceFetchOutcome {
        let limit = try parts.issuer.limit(ticket.terms, node: holder.node, pieceNumber: holder.number)
        let first = try await fetch(AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: node.lastIPPort)))
        guard case .offline = first, node.address != node.lastIPPort else { return first }
        // The node never saw the limit, so it can be shown again.
        return try await fetch(AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: node.address)))
    }

    private func bucketName() -> [UInt8] {
        var random = parts.random
        return parts.random.bytes(count: Int.random(in: Self.bucketLengths, using: &random))
    }
}

/// What a download needs to know of a segment.
struct RemoteSegmentPlace: Sendable {
    let rootPieceID: PieceID
    /// Bytes of every piece.
    let pieceSize: Int64
}
