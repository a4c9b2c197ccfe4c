import Chores
import DRPC
import Database
import Ethereum
import Foundation
import Installation
import Ledger
import Logging
import StorageModel
import StorageNode

/// What a node is paid with, opened from its folder.
struct NodeMoney {
    /// For the node.
    let parts: FarmingParts
    /// What has to run beside it.
    let chores: [Cycle]
    private let databases: [Database]

    /// Opens keys and ledger; nil for a node that is not paid.
    ///
    /// - Throws: `SettingsError`, `WalletFiles.Failure`, `LedgerError`.
    static func open(
        _ values: SettingsValues, folder: URL, satellites: [NodeURL], dialer: any RPCDialer, logger: Logger
    ) async throws -> NodeMoney? {
        let choice = try LedgerChoice(values, keeper: satellites.first)
        if case .none = choice { return nil }
        guard let keys = try FarmerKeys(folder: folder, wallet: values.text("operator.wallet")) else { return nil }
        let chain = try Database.open(.file(path: folder.appending(path: "chain.db").path))
        let books = try Database.open(.file(path: folder.appending(path: "farming.db").path))
        let ledger = try await OpenLedger.open(
            choice, interval: values.duration("ledger.scan_interval"),
            .init(
                folder: folder.path, keys: [keys.walletKey, keys.hotKey].compactMap { $0 }, database: chain, dialer: dialer,
                clock: .system, sleeper: .system, logger: logger))
        guard let ledger else { return nil }
        return NodeMoney(
            parts: FarmingParts(
                keys: keys, backend: ledger.backend, quotes: try QuoteChoice(values, logger: logger).makeSource(),
                database: books),
            chores: ledger.chores, databases: [chain, books])
    }

    /// Lets the files go.
    func close() throws { for database in databases { try database.close() } }
}

extension FarmerKeys {
    /// The keys of a node's folder; nil when it has none.
    ///
    /// - Parameter wallet: an address kept elsewhere that is paid instead of the folder's own; empty for none.
    /// - Throws: `WalletFiles.Failure`, `EthereumError`.
    init?(folder: URL, wallet: String) throws {
        guard let hot = try WalletFiles.load(.hot, in: folder) else { return nil }
        if !wallet.isEmpty {
            let own = try WalletFiles.load(.wallet, in: folder)
            let address = try Address(wallet)
            self.init(wallet: address, walletKey: own?.address == address ? own : nil, hotKey: hot)
        } else if let own = try WalletFiles.load(.wallet, in: folder) {
            self.init(wallet: own.address, walletKey: own, hotKey: hot)
        } else {
            return nil
        }
    }
}
