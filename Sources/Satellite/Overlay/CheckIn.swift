import Identity
import StorageModel
import WireMessages

/// What a node says about itself, within bounds.
struct CheckIn: Sendable {
    /// Wallet features taken at most, and bytes of each.
    static let maximumWalletFeatures = 5
    static let maximumWalletFeatureLength = 15

    let address: String
    let version: NodeVersion
    let freeDisk: Int64
    let email: String
    let wallet: String
    let walletFeatures: [String]
    let noiseKey: NodeRecord.NoiseKey?
    let debounceLimit: Int32
    let features: UInt64

    /// Reads a request.
    ///
    /// - Throws: `OverlayError.badRequest`.
    init(_ request: Node_CheckInRequest, peer: PeerIdentity) throws(OverlayError) {
        guard var version = NodeVersion(text: request.version.version), request.version.commitHash.utf8.count <= 128
        else { throw .badRequest("the version is not a semantic version") }
        version.commit = request.version.commitHash
        version.isRelease = request.version.release
        do {
            version.builtAt = try Wire_Timestamp.value(request.version.hasTimestamp ? request.version.timestamp : nil)
        } catch {
            throw .badRequest("the version's time is out of range")
        }
        guard request.operator.email.utf8.count <= 254, request.operator.wallet.utf8.count <= 254 else {
            throw .badRequest("the operator's email or wallet is too long")
        }
        guard request.capacity.freeDisk >= 0, request.debounceLimit >= 0 else {
            throw .badRequest("free space and debounce limit are not negative")
        }
        address = request.address
        self.version = version
        freeDisk = request.capacity.freeDisk
        email = request.operator.email
        wallet = request.operator.wallet
        walletFeatures = Self.validFeatures(request.operator.walletFeatures)
        noiseKey = request.hasNoiseKeyAttestation ? Self.noiseKey(request.noiseKeyAttestation, peer) : nil
        debounceLimit = request.debounceLimit
        features = request.features
    }

    /// Writes what was said into the node's record.
    func apply(to node: inout NodeRecord, at address: NodeAddress) {
        node.address = address.reported
        node.lastIPPort = address.lastIPPort
        node.lastNet = address.lastNet
        node.version = version
        node.freeDisk = freeDisk
        node.email = email
        node.wallet = wallet
        node.walletFeatures = walletFeatures
        node.noiseKey = noiseKey
        node.debounceLimit = debounceLimit
        node.features = features
    }

    /// All features, or none when there are too many; those out of form are dropped.
    private static func validFeatures(_ features: [String]) -> [String] {
        guard features.count <= maximumWalletFeatures else { return [] }
        return features.filter { feature in
            (1...maximumWalletFeatureLength).contains(feature.utf8.count)
                && !feature.contains { $0 == "," || $0 == "|" }
        }
    }

    /// A Noise key the node proves with its own signature; nil when it does not, since TLS works without.
    ///
    /// - Source: protocol document 3 §5.1.
    private static func noiseKey(_ attestation: Node_NoiseKeyAttestation, _ peer: PeerIdentity) -> NodeRecord.NoiseKey?
    {
        guard attestation.noisePublicKey.count == 32, attestation.hasTimestamp,
            let time = Timestamp(seconds: attestation.timestamp.seconds, nanoseconds: attestation.timestamp.nanos)
        else { return nil }
        let (scaled, isTooFar) = time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, isTooLong) = scaled.addingReportingOverflow(Int64(time.nanoseconds))
        guard !isTooFar, !isTooLong else { return nil }
        let nanoseconds = UInt64(bitPattern: total)
        let signed =
            Array("noise-key-attestation-v1:".utf8)
            + (0..<8).map { UInt8(truncatingIfNeeded: nanoseconds >> UInt64(56 - $0 * 8)) } + attestation.noisePublicKey
        guard peer.isValidSignature(Array(attestation.signature), for: signed) else { return nil }
        return NodeRecord.NoiseKey(
            protocolNumber: attestation.noiseProto.rawValue, publicKey: Array(attestation.noisePublicKey))
    }
}
