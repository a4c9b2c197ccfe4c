import Foundation
import Identity
import StorageModel
import WireMessages

extension NodeTag {
    /// Sets a node may hand in with one check-in.
    static let maximumSets = 32
    /// Tags in one set.
    static let maximumTags = 64
    /// Bytes of a name, and of a value.
    static let maximumLength = 256

    /// Reads the sets a node handed in and checks who signed them.
    ///
    /// - Parameters:
    ///   - node: whom the tags must be about.
    ///   - authorities: who besides the node may sign.
    /// - Throws: `OverlayError.badRequest` naming the first rule broken; then no tag is taken.
    static func verified(
        _ sets: Node_SignedNodeTagSets, node: PeerIdentity, authorities: [PeerIdentity]
    ) throws(OverlayError) -> [NodeTag] {
        guard sets.tags.count <= maximumSets else { throw .badRequest("too many node tag sets") }
        var verified: [NodeTag] = []
        for set in sets.tags {
            verified += try tags(of: set, node: node, signers: [node] + authorities)
        }
        return verified
    }

    private static func tags(
        of signed: Node_SignedNodeTagSet, node: PeerIdentity, signers: [PeerIdentity]
    ) throws(OverlayError) -> [NodeTag] {
        let bytes = Array(signed.serializedTag)
        guard let signerID = NodeID(signed.signerNodeID), let signer = signers.first(where: { $0.id == signerID })
        else { throw .badRequest("a node tag set is signed by somebody unknown") }
        guard signer.isValidSignature(Array(signed.signature), for: bytes) else {
            throw .badRequest("the signature of a node tag set is wrong")
        }
        let set: Node_NodeTagSet
        do { set = try Node_NodeTagSet.parse(bytes) } catch { throw .badRequest("a node tag set cannot be read") }
        guard NodeID(set.nodeID) == node.id else { throw .badRequest("a node tag set is about another node") }
        guard set.tags.count <= maximumTags, let signedAt = Timestamp(seconds: set.signedAt, nanoseconds: 0) else {
            throw .badRequest("a node tag set is out of bounds")
        }
        var tags: [NodeTag] = []
        for tag in set.tags {
            guard (1...maximumLength).contains(tag.name.utf8.count), tag.value.count <= maximumLength else {
                throw .badRequest("a node tag is out of bounds")
            }
            tags.append(NodeTag(name: tag.name, value: Array(tag.value), signerID: signerID, signedAt: signedAt))
        }
        return tags
    }
}
