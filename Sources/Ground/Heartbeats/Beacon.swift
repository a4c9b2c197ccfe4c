import Crypto
package import StorageModel

/// The number that decides what is asked in a period.
///
/// The satellite binds itself to a secret before nodes sign, and the nodes' signatures go into the number: the satellite
/// did not know them when it bound itself, and no node knew the secret when it signed.
///
/// - Source: economy design §5.2.
package enum Beacon {
    private static let tag = Array("storj-heartbeat-beacon-1".utf8)

    /// What the satellite announces in the place of its secret.
    package static func secretHash(_ secret: Bytes32) -> Bytes32 { hash(secret.bytes) }

    /// The root over the commitments that nodes have signed, in the order of their ids; others are left out.
    package static func commitmentsRoot(_ commitments: some Sequence<HeartbeatCommitment>) -> Bytes32 {
        let signed = commitments.filter { !$0.signature.isEmpty }.sorted { $0.node < $1.node }
        return ReportTree.root(signed.map(\.beaconLeaf))
    }

    /// The beacon: `SHA-256(tag ‖ secret ‖ commitmentsRoot)`.
    package static func make(secret: Bytes32, commitmentsRoot: Bytes32) -> Bytes32 {
        hash(tag + secret.bytes + commitmentsRoot.bytes)
    }

    /// What stands in the place of an agreement between a satellite and a node that have none yet.
    package static func agreement(satellite: NodeID, node: NodeID) -> Bytes32 {
        hash(satellite.bytes + node.bytes)
    }

    private static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var hasher = SHA256()
        hasher.update(data: bytes)
        return SumNode.digest(hasher)
    }
}
