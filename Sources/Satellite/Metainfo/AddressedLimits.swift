import Foundation
import Orders
import Overlay
import StorageModel
import WireMessages

extension Metainfo_AddressedOrderLimit {
    /// A limit, with where to find its node.
    ///
    /// Noise is left out: our nodes have none, and the others serve TLS too.
    /// - Source: protocol document 2 §6.2.
    init(_ limit: OrderLimit, at node: SelectedNode) {
        self.init()
        var address = Node_NodeAddress()
        address.address = node.address
        address.debounceLimit = node.debounceLimit
        address.features = node.features
        self.limit = Data(limit.encoded)
        storageNodeAddress = address
    }
}

extension SegmentToken {
    /// What all limits of the segment have in common.
    func terms(orderLifetime: Duration) -> OrderTerms {
        OrderTerms(
            action: .put, serialNumber: serial, rootPieceID: rootPieceID, uplinkPublicKey: publicKey, limit: limit,
            orderCreation: createdAt, orderExpiration: createdAt.advanced(by: orderLifetime),
            pieceExpiration: stream.expiresAt,
            metadata: OrderMetadata(project: stream.project, bucket: stream.bucketName))
    }
}

extension MetainfoEndpoint {
    /// The limits of all pieces of a segment that is uploaded; index = piece number.
    func uploadLimits(_ token: SegmentToken, _ nodes: [SelectedNode]) throws -> [Metainfo_AddressedOrderLimit] {
        let terms = token.terms(orderLifetime: settings.orderLifetime)
        return try nodes.enumerated().map { number, node in
            Metainfo_AddressedOrderLimit(try issuer.limit(terms, node: node.id, pieceNumber: number), at: node)
        }
    }
}
