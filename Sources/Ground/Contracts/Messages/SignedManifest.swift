package import Ethereum
package import Identity
package import StorageModel

/// A manifest with the satellite's signature by the identity the network knows it by, and that of its paying key.
package struct SignedManifest: Hashable, Sendable {
    package var manifest: Manifest
    /// DER, over the digest's bytes.
    package var satelliteSignature: [UInt8]
    /// By `manifest.signer`.
    package var signerSignature: Signature

    /// A manifest with signatures, unchecked.
    package init(manifest: Manifest, satelliteSignature: [UInt8], signerSignature: Signature) {
        self.manifest = manifest
        self.satelliteSignature = satelliteSignature
        self.signerSignature = signerSignature
    }

    /// Checks both signatures, whose manifest it is, and the time.
    ///
    /// - Parameters:
    ///   - satellite: whose it should be; nil takes the one it names.
    ///   - now: seconds since 1970; nil leaves the time to the reader.
    /// - Returns: the satellite's identity.
    /// - Throws: `MessageRefusal`.
    @discardableResult
    package func verify(satellite: NodeID?, now: UInt64?) throws(MessageRefusal) -> PeerIdentity {
        // Certificates that do not verify are no identity, whatever is wrong with them.
        guard let peer = try? PeerIdentity(concatenated: manifest.satelliteChain) else {
            throw .malformed("the satellite's certificates")
        }
        guard satellite.map({ $0 == peer.id }) ?? true else { throw .otherNode }
        guard now.map({ $0 <= manifest.validUntil }) ?? true else { throw .expired }
        let digest = manifest.digest
        guard peer.isValidSignature(satelliteSignature, for: digest.bytes) else { throw .wrongSignature("satellite") }
        guard signerSignature.isSigned(digest, by: manifest.signer) else { throw .wrongSignature("signer") }
        return peer
    }
}

extension Manifest {
    /// What is signed, in the domain of messages without a contract.
    package var digest: Bytes32 { SigningDomain.offchain.digest(Keccak256.hash(encoded)) }
}

extension SignedManifest: RLPValue {
    /// Bytes of a satellite's signature at most.
    private static let maximumSignatureSize = 128

    package var rlp: RLP { .list([manifest.rlp, .bytes(satelliteSignature), .signature(signerSignature)]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "signed manifest", count: 3)
        self.init(
            manifest: try fields.next(), satelliteSignature: try fields.bytes(atMost: Self.maximumSignatureSize),
            signerSignature: try fields.signature())
    }
}

extension Manifest: RLPValue {
    private static let version: UInt64 = 1
    /// Bytes of certificates at most.
    private static let maximumChainSize = 16 << 10

    package var rlp: RLP {
        .list([
            Self.version.rlp, .bytes(satelliteChain), address.rlp, sequence.rlp, issuedAt.rlp, validUntil.rlp, payer.rlp,
            signer.rlp, tokens.rlp, settlement.rlp, customerPrices.rlp, nodePrices.rlp, fee.rlp, noticeSeconds.rlp,
            periodSeconds.rlp, timeScale.rlp,
        ])
    }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "manifest", count: 16)
        let version: UInt64 = try fields.next()
        guard version == Self.version else { throw .malformed("manifest of form \(version)") }
        self.init(
            satelliteChain: try fields.bytes(atMost: Self.maximumChainSize), address: try fields.next(),
            sequence: try fields.next(), issuedAt: try fields.next(), validUntil: try fields.next(),
            payer: try fields.next(), signer: try fields.next(), tokens: try fields.next(),
            settlement: try fields.next(), customerPrices: try fields.next(), nodePrices: try fields.next(),
            fee: try fields.next(), noticeSeconds: try fields.next(), periodSeconds: try fields.next(),
            timeScale: try fields.next())
    }
}

extension Manifest.Token: RLPValue {
    package var rlp: RLP { .list([symbol.rlp, chainID.rlp, contract.rlp, decimals.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "token", count: 4)
        self.init(
            symbol: try fields.next(), chainID: try fields.next(), contract: try fields.next(),
            decimals: try fields.next())
    }
}

extension Manifest.Settlement: RLPValue {
    package var rlp: RLP { .list([chainID.rlp, channels.rlp, payouts.rlp, agreements.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "settlement", count: 4)
        self.init(
            chainID: try fields.next(), channels: try fields.next(), payouts: try fields.next(),
            agreements: try fields.next())
    }
}

extension Manifest.CustomerPrices: RLPValue {
    package var rlp: RLP { .list([storageTBMonth.rlp, egressTB.rlp, millionSegmentMonth.rlp, minimumMonth.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "customers' prices", count: 4)
        self.init(
            storageTBMonth: try fields.next(), egressTB: try fields.next(), millionSegmentMonth: try fields.next(),
            minimumMonth: try fields.next())
    }
}

extension NodePrices: RLPValue {
    package var rlp: RLP {
        .list([storageTBMonth.rlp, egressTB.rlp, repairTB.rlp, auditTB.rlp, ingressTB.rlp])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "nodes' prices", count: 5)
        self.init(
            storageTBMonth: try fields.next(), egressTB: try fields.next(), repairTB: try fields.next(),
            auditTB: try fields.next(), ingressTB: try fields.next())
    }
}
