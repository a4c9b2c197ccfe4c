package import StorageModel

/// All that the satellite knows of one node.
///
/// - Source: protocol document 3 §5.3.
package struct NodeRecord: Sendable, Hashable {
    /// Why a node is out for good. The numbers are the field's.
    package enum DisqualificationReason: Int, Sendable {
        case unknown = 0
        case auditFailure = 1
        case suspension = 2
        case offline = 3
    }

    /// Why leaving gracefully failed. The numbers are the field's.
    package enum ExitFailure: Int, Sendable {
        /// The node was offline too much.
        case absence = 1
        /// The node was suspended for unknown errors.
        case errors = 2
    }

    /// A Noise key the node offers.
    package struct NoiseKey: Sendable, Hashable {
        /// The protocol's number on the wire.
        package let protocolNumber: Int
        /// 32 bytes.
        package let publicKey: [UInt8]
    }

    package let id: NodeID
    /// `host:port` as the node told it.
    package var address: String
    /// `ip:port` it resolved to.
    package var lastIPPort: String
    /// What counts as one place when pieces are spread.
    package var lastNet: String
    /// Two upper-case letters; empty while no location database is at hand.
    package var countryCode = ""
    package var email = ""
    package var wallet = ""
    package var walletFeatures: [String] = []
    /// Bytes.
    package var freeDisk: Int64 = 0
    /// Pieces at the last tally.
    package var pieceCount: Int64 = 0
    package var version = NodeVersion(major: 0, minor: 0, patch: 0)
    package var noiseKey: NoiseKey?
    package var debounceLimit: Int32 = 0
    /// The node's feature bits.
    package var features: UInt64 = 0
    package let createdAt: Timestamp
    package var lastContactSuccess: Timestamp?
    package var lastContactFailure: Timestamp?
    /// When it had proven itself.
    package var vettedAt: Timestamp?
    package var disqualifiedAt: Timestamp?
    package var disqualificationReason: DisqualificationReason?
    package var unknownAuditSuspendedAt: Timestamp?
    package var offlineSuspendedAt: Timestamp?
    package var underReviewAt: Timestamp?
    package var exitInitiatedAt: Timestamp?
    package var exitFinishedAt: Timestamp?
    package var exitSucceeded = false
    /// Whether it still owes an answer to an audit.
    package var isContained = false
    /// Since when it gets no new pieces because of what it reported lost itself.
    package var lossesLimitedAt: Timestamp?
    package var exitFailure: ExitFailure?

    /// A node that has just been found at an address.
    package init(id: NodeID, address: NodeAddress, createdAt: Timestamp) {
        self.id = id
        self.address = address.reported
        lastIPPort = address.lastIPPort
        lastNet = address.lastNet
        self.createdAt = createdAt
    }

    /// Whether the last successful contact is younger than the window.
    package func isOnline(at now: Timestamp, window: Duration) -> Bool {
        lastContactSuccess.map { now.duration(since: $0) < window } ?? false
    }

    /// Whether the node still serves what it holds: neither disqualified nor gone.
    package var servesDownloads: Bool { disqualifiedAt == nil && exitFinishedAt == nil }

    /// Whether the node may get new pieces at all, whatever its space and freshness.
    package var acceptsUploads: Bool {
        disqualifiedAt == nil && unknownAuditSuspendedAt == nil && offlineSuspendedAt == nil && exitInitiatedAt == nil
            && exitFinishedAt == nil && lossesLimitedAt == nil
    }
}

/// What an order limit needs to know of a chosen node.
package struct SelectedNode: Sendable, Hashable {
    package let id: NodeID
    /// `ip:port` to hand to clients.
    package let address: String
    /// How many identical first messages the node tells apart.
    package let debounceLimit: Int32
    /// The node's feature bits.
    package let features: UInt64
    /// What counts as one place.
    package let lastNet: String
    /// Bytes free when it last checked in.
    package let freeDisk: Int64
    /// Two upper-case letters; empty when not known.
    package let country: String

    init(_ node: NodeRecord) {
        id = node.id
        address = node.lastIPPort
        debounceLimit = node.debounceLimit
        features = node.features
        lastNet = node.lastNet
        freeDisk = node.freeDisk
        country = node.countryCode
    }
}
