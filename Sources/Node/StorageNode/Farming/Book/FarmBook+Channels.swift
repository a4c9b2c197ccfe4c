package import Contracts
import Database
package import StorageModel

extension FarmBook {
    private static let channelColumns = """
        SELECT c.channel, c.payer, c.funded, c.claimed, c.closes_at, c.is_closed, c.seen_at, v.voucher
        FROM farming_channels c LEFT JOIN farming_vouchers v ON v.channel = c.id
        """

    /// All channels the farmer was ever shown, with their newest vouchers.
    package func channels() async throws -> [KnownChannel] {
        try await database.read { session in
            try session.query("\(Self.channelColumns) ORDER BY c.payer, c.id", [], KnownChannel.init)
        }
    }

    /// A channel; nil for one the farmer was never shown.
    package func channel(_ id: Bytes32) async throws -> KnownChannel? {
        try await database.read { session in
            try session.first("\(Self.channelColumns) WHERE c.id = ?1", [SQLValue(id)], KnownChannel.init)
        }
    }

    /// Makes a channel known.
    package func add(_ channel: Channel, payer: NodeID) async throws {
        try await database.write { session in try Self.insert(channel, payer: payer, in: session) }
    }

    /// Notes what the ledger keeps of a channel.
    package func note(_ state: ChannelState, of id: Bytes32, at now: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                """
                UPDATE farming_channels SET funded = ?2, claimed = ?3, closes_at = ?4, is_closed = ?5, seen_at = ?6
                WHERE id = ?1
                """,
                [
                    SQLValue(id), SQLValue(state.funded), SQLValue(state.claimed),
                    SQLValue(state.closesAt.map { Int64(clamping: $0) }), SQLValue(state.isClosed), SQLValue(now),
                ])
        }
    }

    /// Keeps a voucher unless a higher one is there; false then. It is on the disk when this returns.
    package func keep(_ voucher: SignedVoucher, at now: Timestamp) async throws -> Bool {
        try await database.write { session in try Self.keep(voucher, at: now, in: session) }
    }

    static func keep(_ voucher: SignedVoucher, at now: Timestamp, in session: SQLSession) throws -> Bool {
        let content = voucher.voucher
        // In SQL, so that of two vouchers that come at once the higher one stays.
        return try session.execute(
            """
            INSERT INTO farming_vouchers (channel, voucher, cumulative, period, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (channel) DO UPDATE SET voucher = excluded.voucher, cumulative = excluded.cumulative,
                period = excluded.period, received_at = excluded.received_at
            WHERE excluded.cumulative >= farming_vouchers.cumulative
            """,
            [
                SQLValue(content.channel), SQLValue(voucher.encoded), SQLValue(content.cumulative),
                .integer(Int64(content.period)), SQLValue(now),
            ]) > 0
    }

    // MARK: View of the ledger

    /// Notes that the ledger was seen.
    func noteView(at now: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_views (name, seen_at) VALUES ('ledger', ?1)
                ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
                """, [SQLValue(now)])
        }
    }

    /// When the ledger was last seen; nil for never.
    package func viewedAt() async throws -> Timestamp? {
        try await database.read { session in
            try session.first("SELECT seen_at FROM farming_views WHERE name = 'ledger'") { $0.timestamp(0) }
        }
    }
}

extension KnownChannel {
    fileprivate init(_ row: SQLRow) throws {
        channel = try Channel(stored: row.blob(0))
        payer = try row.id(1, as: NodeID.self)
        state = ChannelState(funded: row.amount(2))
        state.claimed = row.amount(3)
        state.closesAt = row.optionalInteger(4).map { UInt64(clamping: $0) }
        state.isClosed = row.bool(5)
        seenAt = row.optionalTimestamp(6)
        voucher = try row.optionalBlob(7).map { try SignedVoucher(stored: $0) }
    }
}
