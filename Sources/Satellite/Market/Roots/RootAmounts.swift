import Contracts
import Database
import Ethereum
import StorageModel

/// What wallets are owed by roots since the beginning.
enum RootAmounts {
    static func add(_ amount: TokenAmount, to wallet: Address, in session: SQLSession) throws {
        guard amount > .zero else { return }
        try session.execute(
            """
            INSERT INTO market_root_amounts (wallet, cumulative) VALUES (?1, ?2)
            ON CONFLICT (wallet) DO UPDATE SET cumulative = market_root_amounts.cumulative + excluded.cumulative
            """, [.blob(wallet.bytes), .integer(Int64(clamping: amount.units))])
    }

    static func fetchAll(in session: SQLSession) throws -> [Address: TokenAmount] {
        let rows = try session.query("SELECT wallet, cumulative FROM market_root_amounts") { row in
            guard let wallet = Address(row.blob(0)) else { throw DatabaseError(.corrupt, "a wallet does not parse") }
            return (wallet, TokenAmount(UInt64(clamping: row.integer(1))))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}
