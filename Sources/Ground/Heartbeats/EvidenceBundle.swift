import Crypto
package import StorageModel

/// All that is needed to check one line of a report: what the node answered, and who vouches for it.
///
/// Nothing in it is believed: the report names its digest, and every part is checked against another.
///
/// - Source: economy design §5.3.
package struct EvidenceBundle: Hashable, Sendable {
    /// The node's certificates, as messages carry them: its signature under the commitment is checked with them.
    package let nodeChain: [UInt8]
    /// The answer, with the ways through the set that the satellite added.
    package let proof: HeartbeatProof
    /// What the node keeps of each sample's upload: as many as the proof has samples.
    package let attestations: [Attestation]

    /// Evidence of its parts; attestations that are missing are empty, those too many are dropped.
    package init(nodeChain: [UInt8], proof: HeartbeatProof, attestations: [Attestation]) {
        self.nodeChain = nodeChain
        self.proof = proof
        self.attestations = proof.samples.indices.map {
            attestations.indices.contains($0) ? attestations[$0] : Attestation()
        }
    }

    /// SHA-256 of the encoding: what reports name.
    package var digest: Bytes32 { Self.digest(of: encoded) }

    /// The digest of an encoded bundle.
    package static func digest(of bytes: [UInt8]) -> Bytes32 {
        var hasher = SHA256()
        hasher.update(data: bytes)
        return SumNode.digest(hasher)
    }
}

extension EvidenceBundle {
    private static let magic = Array("storj-heartbeat-evidence-1".utf8)
    /// Bytes an encoded bundle may have.
    package static let maximumSize = 32 << 20

    /// The kept file.
    package var encoded: [UInt8] {
        let proof = proof.encoded
        var bytes = Self.magic
        bytes.append(bigEndian: UInt16(clamping: nodeChain.count))
        bytes += nodeChain.prefix(Int(UInt16.max))
        bytes.append(bigEndian: UInt32(clamping: proof.count))
        bytes += proof
        for attestation in attestations {
            for part in [attestation.pieceHash, attestation.orderLimit] {
                bytes.append(bigEndian: UInt16(part.count))
                bytes += part
            }
        }
        return bytes
    }

    /// Parses a file; nothing is checked yet.
    ///
    /// - Throws: `malformed`, also for bytes left over.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        guard encoded.count <= Self.maximumSize else { throw .malformed("heartbeat evidence: size") }
        var reader = ByteReader(encoded)
        guard reader.bytes(Self.magic.count) == Self.magic, let chainSize = reader.integer(UInt16.self),
            let chain = reader.bytes(Int(chainSize)), let proofSize = reader.integer(UInt32.self),
            let proofBytes = reader.bytes(Int(proofSize))
        else { throw .malformed("heartbeat evidence: head") }
        let proof = try HeartbeatProof(encoded: proofBytes)
        var attestations: [Attestation] = []
        for _ in proof.samples {
            guard let hash = Self.part(&reader), let limit = Self.part(&reader) else {
                throw .malformed("heartbeat evidence: attestation")
            }
            attestations.append(Attestation(pieceHash: hash, orderLimit: limit))
        }
        guard reader.isAtEnd else { throw .malformed("heartbeat evidence: bytes left over") }
        self.init(nodeChain: chain, proof: proof, attestations: attestations)
    }

    private static func part(_ reader: inout ByteReader) -> [UInt8]? {
        guard let size = reader.integer(UInt16.self), size <= Attestation.maximumPartSize else { return nil }
        return reader.bytes(Int(size))
    }
}
