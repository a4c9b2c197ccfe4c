package import Contracts
package import Database
package import Ethereum
package import StorageModel

/// Where something happened on a chain. The second key, without block and height, tells whether the same transaction was
/// included again elsewhere.
package struct ChainPlace: Hashable, Sendable {
    package let chainID: UInt64
    package let height: UInt64
    package let blockHash: Bytes32
    package let transaction: Bytes32
    package let logIndex: UInt64
}

/// Money of a token that went from one account to another.
package struct TokenTransfer: Hashable, Sendable {
    package let place: ChainPlace
    package let token: Address
    package let from: Address
    package let to: Address
    package let amount: TokenAmount
    /// The block's time, seconds since 1970.
    package let time: UInt64
}

/// Something a transfer scanner learnt.
package enum TransferChange: Hashable, Sendable {
    case added(TokenTransfer)
    /// The block is gone; the same transaction may come back in another one.
    case retracted(TokenTransfer)
}

/// What a reader of transfers has not seen yet.
package struct TransferPage: Hashable, Sendable {
    /// In the order they were learnt.
    package let changes: [TransferChange]
    /// Where to go on; to be kept in the same transaction as what was made of the changes.
    package let next: Int64
    /// The newest block read: a transfer has `head − height + 1` confirmations.
    package let head: UInt64
}

/// Finds transfers of a token to a growing set of accounts.
///
/// - Source: economy design §3.1, §11.
package final class TransferScanner: Sendable {
    private let scanner: LogScanner
    private let database: Database
    private let chainID: UInt64
    private let name: String
    private let token: Address

    /// A scanner.
    ///
    /// - Parameter name: unique in the database.
    package init(
        chain: ChainClient, database: Database, name: String, token: Address, settings: ScannerSettings = ScannerSettings()
    ) {
        scanner = LogScanner(chain: chain, database: database, name: name, subject: [token], settings: settings)
        self.database = database
        chainID = chain.chainID
        self.name = name
        self.token = token
    }

    /// Makes its tables. Once, before anything else.
    ///
    /// - Throws: `LedgerError.wrongLedger` when the name was used for another chain or token.
    package func open() async throws { try await scanner.open() }

    /// Adds accounts, durably. They are looked for from the next block that is read: an account is added before anybody
    /// hears of it.
    package func watch(_ addresses: [Address]) async throws {
        let name = name
        try await database.write { session in
            for address in addresses {
                try session.execute(
                    "INSERT INTO chain_watched (scanner, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    [.text(name), .blob(address.bytes)])
            }
        }
    }

    /// Reads up to the newest block.
    ///
    /// - Throws: `LedgerError`; nothing is half written.
    @discardableResult
    package func scan() async throws -> ScanReport { try await scanner.scan(filters) }

    /// What was learnt after a place in the scanner's sequence, 0 for the beginning. Asks no endpoint.
    package func changes(after cursor: Int64, limit: Int) async throws -> TransferPage {
        let (changes, head) = try await scanner.changes(after: cursor, limit: limit)
        return TransferPage(
            changes: changes.compactMap { change in
                transfer(change).map { change.isAdded ? .added($0) : .retracted($0) }
            }, next: changes.last?.position ?? cursor, head: head)
    }

    private func filters() async throws -> [LogFilter] {
        let name = name
        let addresses = try await database.read { session in
            try session.query(
                "SELECT address FROM chain_watched WHERE scanner = ?1 ORDER BY address", [.text(name)]
            ) { $0.blob(0) }
        }.compactMap { Address($0) }
        return stride(from: 0, to: addresses.count, by: LogFilter.maximumValues).map { start in
            let part = addresses[start..<min(start + LogFilter.maximumValues, addresses.count)]
            return LogFilter(contracts: [token], topics: [[TokenABI.transferred.topic], nil, part.map(\.word)])
        }
    }

    /// A line as a transfer; nil for an amount no token of ours has.
    private func transfer(_ change: LogChange) -> TokenTransfer? {
        let log = change.log
        guard log.topics.count == 3, let amount = UInt256(bigEndian: log.data)?.uint64, log.data.count == 32 else { return nil }
        return TokenTransfer(
            place: ChainPlace(
                chainID: chainID, height: log.height, blockHash: log.blockHash, transaction: log.transaction,
                logIndex: log.index), token: log.contract, from: Address(padded: log.topics[1]),
            to: Address(padded: log.topics[2]), amount: TokenAmount(amount), time: change.time)
    }
}
