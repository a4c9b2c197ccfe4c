package import Contracts
import Database
package import Ledger
package import StorageModel

/// A channel in the payer's books.
///
///     proposed ─on the ledger─► funded ─first voucher taken─► active ◄─► paused
///                                                               └──────────┴─► draining ─► closed
///
/// - Source: economy design §8.
package struct ChannelRecord: Sendable, Hashable {
    /// How far it is.
    package enum State: Int, Sendable, CaseIterable {
        /// In the books only, or in an operation that is under way.
        case proposed = 0
        /// Money is locked.
        case funded = 1
        /// The farmer takes vouchers.
        case active = 2
        /// The farmer failed a heartbeat or refused a statement; vouchers for what it did earn go on.
        case paused = 3
        /// It is being closed.
        case draining = 4
        case closed = 5

        /// The word operators read.
        package var name: String {
            switch self {
            case .proposed: "proposed"
            case .funded: "funded"
            case .active: "active"
            case .paused: "paused"
            case .draining: "draining"
            case .closed: "closed"
            }
        }

        /// Whether vouchers are signed for it.
        var takesVouchers: Bool { self == .funded || self == .active || self == .paused }
    }

    /// What was submitted for it last.
    package enum Operation: Int, Sendable {
        case open = 0
        case topUp = 1
        case startClose = 2
        case finishClose = 3
    }

    package let id: Bytes32
    package let node: NodeID
    /// Channels of a node are numbered from 0; the number makes the salt, so that lost books find them again.
    package let number: UInt64
    package let channel: Channel
    package internal(set) var state: State
    /// What it is filled with each time.
    package internal(set) var deposit: TokenAmount
    /// What was locked in it, as far as the ledger has confirmed.
    package internal(set) var funded = TokenAmount.zero
    /// What the farmer has claimed, when the ledger was last asked.
    package internal(set) var claimed = TokenAmount.zero
    /// The sum of all that was promised: never signed lower again.
    package internal(set) var promised = TokenAmount.zero
    /// The newest voucher.
    package internal(set) var voucher: SignedVoucher?
    /// The operation that is under way; nil when none is.
    package internal(set) var operation: OperationID?
    package internal(set) var operationKind = Operation.open
    package internal(set) var operationAmount = TokenAmount.zero
    /// When its closing may be finished, seconds since 1970.
    package internal(set) var closesAt: UInt64?
    /// When the ledger was last asked.
    package internal(set) var checkedAt: Timestamp?
    package internal(set) var lastError: String?

    init(node: NodeID, number: UInt64, channel: Channel, deposit: TokenAmount) {
        id = channel.id
        self.node = node
        self.number = number
        self.channel = channel
        self.deposit = deposit
        state = .proposed
    }

    /// What can still be promised without locking more.
    package var left: TokenAmount { funded.subtracting(promised) ?? .zero }
}

extension ChannelRecord {
    private static let columns = """
        id, node, number, channel, state, deposit, funded, claimed, promised, voucher, operation, operation_kind,
        operation_amount, closes_at, checked_at, last_error
        """
    private static let oneText = "SELECT \(columns) FROM market_channels WHERE id = ?1"
    private static let ofNodeText = "SELECT \(columns) FROM market_channels WHERE node = ?1 ORDER BY number"
    private static let openText = "SELECT \(columns) FROM market_channels WHERE state <> 5 ORDER BY node, number"
    private static let allText = "SELECT \(columns) FROM market_channels ORDER BY node, number"

    static func fetch(_ id: Bytes32, in session: SQLSession) throws -> ChannelRecord? {
        try session.first(oneText, [.blob(id.bytes)]) { try ChannelRecord($0) }
    }

    /// A node's channels, oldest first.
    static func fetch(node: NodeID, in session: SQLSession) throws -> [ChannelRecord] {
        try session.query(ofNodeText, [SQLValue(node)]) { try ChannelRecord($0) }
    }

    static func fetchOpen(in session: SQLSession) throws -> [ChannelRecord] {
        try session.query(openText) { try ChannelRecord($0) }
    }

    static func fetchAll(in session: SQLSession) throws -> [ChannelRecord] {
        try session.query(allText) { try ChannelRecord($0) }
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_channels (\(Self.columns))
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, deposit = excluded.deposit, funded = excluded.funded,
                claimed = excluded.claimed, promised = excluded.promised, voucher = excluded.voucher,
                operation = excluded.operation, operation_kind = excluded.operation_kind,
                operation_amount = excluded.operation_amount, closes_at = excluded.closes_at,
                checked_at = excluded.checked_at, last_error = excluded.last_error
            """,
            [
                .blob(id.bytes), SQLValue(node), .integer(Int64(clamping: number)), .blob(channel.encoded),
                SQLValue(state.rawValue), .integer(Int64(clamping: deposit.units)),
                .integer(Int64(clamping: funded.units)), .integer(Int64(clamping: claimed.units)),
                .integer(Int64(clamping: promised.units)), SQLValue(voucher?.encoded), SQLValue(operation?.bytes),
                SQLValue(operationKind.rawValue), .integer(Int64(clamping: operationAmount.units)),
                closesAt.map { .integer(Int64(clamping: $0)) } ?? .null, SQLValue(checkedAt), SQLValue(lastError),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(4)), let kind = Operation(rawValue: row.int(11)) else {
            throw DatabaseError(.corrupt, "a channel does not parse")
        }
        self.init(
            node: try row.id(1, as: NodeID.self), number: UInt64(clamping: row.integer(2)),
            channel: try Channel(stored: row.blob(3)), deposit: TokenAmount(UInt64(clamping: row.integer(5))))
        self.state = state
        funded = TokenAmount(UInt64(clamping: row.integer(6)))
        claimed = TokenAmount(UInt64(clamping: row.integer(7)))
        promised = TokenAmount(UInt64(clamping: row.integer(8)))
        voucher = try row.optionalBlob(9).map { try SignedVoucher(stored: $0) }
        operation = row.optionalBlob(10).flatMap { OperationID($0) }
        operationKind = kind
        operationAmount = TokenAmount(UInt64(clamping: row.integer(12)))
        closesAt = row.optionalInteger(13).map { UInt64(clamping: $0) }
        checkedAt = row.optionalTimestamp(14)
        lastError = row.optionalText(15)
    }
}
