package import Contracts
import Database
package import Ethereum
package import StorageModel

/// Whom a node wants paid, and how far its statements are.
package struct FarmerRecord: Sendable, Hashable {
    package let node: NodeID
    package var wallet: Address
    /// The farmer's signing key; nil for a node that only named a wallet when it checked in.
    package var signer: Address?
    package var binding: SignedWalletBinding?
    /// The channel it is paid by; nil for roots.
    package var channel: Bytes32?
    /// `Statement.digest` of the last one; zero before the first.
    package var lastStatement = Bytes32()
    package var lastPeriod: UInt64 = 0
    /// Where the next statement begins, seconds since 1970; zero before the first.
    package var lastUntil: UInt64 = 0
    /// What it is owed by roots since the beginning.
    package var rootCumulative = TokenAmount.zero
    /// What was kept back of its pay, and given back of that.
    package var balance = Withholding.Balance()

    /// A farmer without statements.
    package init(node: NodeID, wallet: Address, signer: Address? = nil, binding: SignedWalletBinding? = nil) {
        self.node = node
        self.wallet = wallet
        self.signer = signer
        self.binding = binding
    }
}

extension FarmerRecord {
    private static let columns = """
        node, wallet, signer, binding, channel, last_statement, last_period, last_until, root_cumulative,
        held, disposed
        """
    private static let oneText = "SELECT \(columns) FROM market_farmers WHERE node = ?1"
    private static let allText = "SELECT \(columns) FROM market_farmers ORDER BY node"

    static func fetch(_ node: NodeID, in session: SQLSession) throws -> FarmerRecord? {
        try session.first(oneText, [SQLValue(node)]) { try FarmerRecord($0) }
    }

    static func fetchAll(in session: SQLSession) throws -> [FarmerRecord] {
        try session.query(allText) { try FarmerRecord($0) }
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_farmers (node, wallet, signer, binding, binding_sequence, channel, last_statement, last_period,
                last_until, root_cumulative, held, disposed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (node) DO UPDATE SET wallet = excluded.wallet, signer = excluded.signer,
                binding = excluded.binding, binding_sequence = excluded.binding_sequence, channel = excluded.channel,
                last_statement = excluded.last_statement, last_period = excluded.last_period,
                last_until = excluded.last_until, root_cumulative = excluded.root_cumulative, held = excluded.held,
                disposed = excluded.disposed
            """,
            [
                SQLValue(node), .blob(wallet.bytes), SQLValue(signer?.bytes), SQLValue(binding?.encoded),
                .integer(Int64(clamping: binding?.binding.sequence ?? 0)), SQLValue(channel?.bytes),
                .blob(lastStatement.bytes), .integer(Int64(clamping: lastPeriod)),
                .integer(Int64(clamping: lastUntil)), .integer(Int64(clamping: rootCumulative.units)),
                .integer(Int64(clamping: balance.held.units)), .integer(Int64(clamping: balance.disposed.units)),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let wallet = Address(row.blob(1)), let last = Bytes32(row.optionalBlob(5) ?? Bytes32().bytes) else {
            throw DatabaseError(.corrupt, "a farmer does not parse")
        }
        self.init(
            node: try row.id(0, as: NodeID.self), wallet: wallet, signer: row.optionalBlob(2).flatMap { Address($0) },
            binding: try row.optionalBlob(3).map { try SignedWalletBinding(stored: $0) })
        channel = row.optionalBlob(4).flatMap { Bytes32($0) }
        lastStatement = last
        lastPeriod = UInt64(clamping: row.integer(6))
        lastUntil = UInt64(clamping: row.integer(7))
        rootCumulative = TokenAmount(UInt64(clamping: row.integer(8)))
        balance.held = TokenAmount(UInt64(clamping: row.integer(9)))
        balance.disposed = TokenAmount(UInt64(clamping: row.integer(10)))
    }
}
