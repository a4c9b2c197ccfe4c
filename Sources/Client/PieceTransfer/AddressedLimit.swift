internal import Foundation
package import StorageModel
package import WireMessages

/// Permission to move one piece, and where to do it.
package struct AddressedLimit: Sendable {
    /// The satellite's permission.
    package var limit: OrderLimit
    /// The node, with the id that it must prove.
    package var node: NodeURL
    /// What the satellite says of the node, for its rule of success.
    package var tags: [String: [UInt8]]

    /// A limit with its node.
    package init(limit: OrderLimit, node: NodeURL, tags: [String: [UInt8]] = [:]) {
        self.limit = limit
        self.node = node
        self.tags = tags
    }

    /// Parses one entry of a satellite's list; nil when this piece number is not offered.
    ///
    /// - Throws: `TransferError.malformedOffer`.
    package init?(_ offered: Metainfo_AddressedOrderLimit) throws(TransferError) {
        guard offered.hasLimit else { return nil }
        do {
            limit = try OrderLimit.parse(Array(offered.limit))
        } catch {
            throw .malformedOffer("an order limit cannot be read: \(error)")
        }
        node = NodeURL(id: limit.storageNodeID, address: offered.storageNodeAddress.address)
        tags = offered.tags.mapValues { Array($0) }
    }
}
