import Database
import StorageModel

extension NodeRecord {
    private static let columns = [
        "id", "address", "last_ip_port", "last_net", "country_code", "email", "wallet", "wallet_features",
        "free_disk", "piece_count", "version_major", "version_minor", "version_patch", "version_commit",
        "version_built_at", "is_release", "noise_protocol", "noise_public_key", "debounce_limit", "features",
        "created_at", "last_contact_success", "last_contact_failure", "vetted_at", "disqualified_at",
        "disqualification_reason", "unknown_audit_suspended_at", "offline_suspended_at", "under_review_at",
        "exit_initiated_at", "exit_finished_at", "exit_succeeded", "is_contained", "losses_limited_at", "exit_failure",
    ]

    private static let selectSQL = "SELECT \(columns.joined(separator: ", ")) FROM nodes"

    private static let upsertSQL = """
        INSERT INTO nodes (\(columns.joined(separator: ", ")))
        VALUES (\((1...columns.count).map { "?\($0)" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    /// All nodes.
    static func fetchAll(in session: SQLSession) throws -> [NodeRecord] {
        try session.query(selectSQL) { try NodeRecord($0) }
    }

    /// The node's row; nil when it never checked in.
    static func fetch(_ id: NodeID, in session: SQLSession) throws -> NodeRecord? {
        try session.first(selectSQL + " WHERE id = ?1", [SQLValue(id)]) { try NodeRecord($0) }
    }

    /// Writes the whole row.
    func save(in session: SQLSession) throws {
        try session.execute(Self.upsertSQL, contactValues + stateValues)
    }

    private init(_ row: SQLRow) throws {
        let address = NodeAddress(reported: row.text(1), lastIPPort: row.text(2), lastNet: row.text(3))
        self.init(id: try row.id(0, as: NodeID.self), address: address, createdAt: row.timestamp(20))
        countryCode = row.text(4)
        email = row.text(5)
        wallet = row.text(6)
        walletFeatures = row.text(7).split(separator: ",").map { String($0) }
        freeDisk = row.integer(8)
        pieceCount = row.integer(9)
        version = NodeVersion(major: row.int(10), minor: row.int(11), patch: row.int(12))
        version.commit = row.text(13)
        version.builtAt = row.optionalTimestamp(14)
        version.isRelease = row.bool(15)
        if let number = row.optionalInt(16), let key = row.optionalBlob(17) {
            noiseKey = NoiseKey(protocolNumber: number, publicKey: key)
        }
        debounceLimit = Int32(truncatingIfNeeded: row.integer(18))
        features = UInt64(bitPattern: row.integer(19))
        readState(row)
    }

    private mutating func readState(_ row: SQLRow) {
        lastContactSuccess = row.optionalTimestamp(21)
        lastContactFailure = row.optionalTimestamp(22)
        vettedAt = row.optionalTimestamp(23)
        disqualifiedAt = row.optionalTimestamp(24)
        disqualificationReason = row.optionalInt(25).map { DisqualificationReason(rawValue: $0) ?? .unknown }
        unknownAuditSuspendedAt = row.optionalTimestamp(26)
        offlineSuspendedAt = row.optionalTimestamp(27)
        underReviewAt = row.optionalTimestamp(28)
        exitInitiatedAt = row.optionalTimestamp(29)
        exitFinishedAt = row.optionalTimestamp(30)
        exitSucceeded = row.bool(31)
        isContained = row.bool(32)
        lossesLimitedAt = row.optionalTimestamp(33)
        exitFailure = row.optionalInt(34).flatMap { ExitFailure(rawValue: $0) }
    }

    /// Columns 0 to 20.
    private var contactValues: [SQLValue] {
        [
            SQLValue(id), SQLValue(address), SQLValue(lastIPPort), SQLValue(lastNet), SQLValue(countryCode),
            SQLValue(email), SQLValue(wallet), SQLValue(walletFeatures.joined(separator: ",")), SQLValue(freeDisk),
            SQLValue(pieceCount), SQLValue(version.major), SQLValue(version.minor), SQLValue(version.patch),
            SQLValue(version.commit), SQLValue(version.builtAt), SQLValue(version.isRelease),
            SQLValue(noiseKey?.protocolNumber), SQLValue(noiseKey?.publicKey), SQLValue(debounceLimit),
            SQLValue(Int64(bitPattern: features)), SQLValue(createdAt),
        ]
    }

    /// Columns 21 to 34.
    private var stateValues: [SQLValue] {
        [
            SQLValue(lastContactSuccess), SQLValue(lastContactFailure), SQLValue(vettedAt), SQLValue(disqualifiedAt),
            SQLValue(disqualificationReason?.rawValue), SQLValue(unknownAuditSuspendedAt),
            SQLValue(offlineSuspendedAt), SQLValue(underReviewAt), SQLValue(exitInitiatedAt),
            SQLValue(exitFinishedAt), SQLValue(exitSucceeded), SQLValue(isContained), SQLValue(lossesLimitedAt),
            SQLValue(exitFailure?.rawValue),
        ]
    }
}
