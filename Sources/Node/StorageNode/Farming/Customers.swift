package import Contracts
import Identity
package import Ledger
package import Logging
package import PieceStore
package import StorageModel
import Synchronization


/// Customers that come without a satellite: they sign their order limits themselves and pay from channels of their own.
///
/// A customer is trusted like a satellite, as far as its channel goes: the channel holds what two days of all its pieces
/// cost, and traffic is paid soon after. What is stored longer is paid by agreements.
///
/// - Source: economy design §3.3.
package final class Customers: Sendable {
    /// What the customers' account keeping works with.
    package struct Parts: Sendable {
        /// Whom the node works for; learns the customers' keys.
        package var trust: TrustList
        /// Whose pieces take how much.
        package var store: PieceStore
        /// Room for pieces, bytes.
        package var freeSpace: @Sendable () -> Int64
        /// Where the money is.
        package var backend: any SettlementBackend
        /// What STORJ costs.
        package var quotes: any QuoteSource
        /// Who is paid.
        package var binding: @Sendable () async throws -> SignedWalletBinding
        /// What is asked at a moment, seconds since 1970.
        package var sheet: @Sendable (UInt64) -> SignedPriceSheet?
        /// Told every voucher that was taken, so that it is claimed in time.
        package var taken: @Sendable (SignedVoucher, Channel, NodeID) async throws -> Void
        /// Disk threads.
        package var pool: BlockingPool
        /// The node's clock.
        package var clock: WallClock
        /// The log.
        package var logger: Logger

        /// All parts.
        package init(
            trust: TrustList, store: PieceStore, freeSpace: @escaping @Sendable () -> Int64,
            backend: any SettlementBackend, quotes: any QuoteSource,
            binding: @escaping @Sendable () async throws -> SignedWalletBinding,
            sheet: @escaping @Sendable (UInt64) -> SignedPriceSheet?,
            taken: @escaping @Sendable (SignedVoucher, Channel, NodeID) async throws -> Void, pool: BlockingPool,
            clock: WallClock, logger: Logger
        ) {
            self.trust = trust
            self.store = store
            self.freeSpace = freeSpace
            self.backend = backend
            self.quotes = quotes
            self.binding = binding
            self.sheet = sheet
            self.taken = taken
            self.pool = pool
            self.clock = clock
            self.logger = logger
        }
    }

    let parts: Parts
    let settings: CustomerSettings
    private let folder: String
    private let fileSystem: any FileSystem
    private let accounts: Mutex<[NodeID: CustomerAccount]>

    /// The customers whose accounts are in `folder`, which is made when it does not exist; blocks.
    ///
    /// - Throws: `PieceStoreError` when the disk fails. A damaged account is left out: its customer introduces itself again.
    package init(
        parts: Parts, settings: CustomerSettings, folder: String, fileSystem: any FileSystem = DiskFileSystem()
    ) throws {
        self.parts = parts
        self.settings = settings
        self.folder = folder
        self.fileSystem = fileSystem
        try fileSystem.createFolder(folder)
        var known: [NodeID: CustomerAccount] = [:]
        for name in try fileSystem.list(folder) where name.hasSuffix(".json") {
            guard let id = try? NodeID(text: String(name.dropLast(5))) else { continue }
            do {
                let account: CustomerAccount? = try StateFile(folder: folder, name: name, fileSystem: fileSystem).load()
                guard let account, let peer = try? PeerIdentity(concatenated: account.certificates), peer.id == id else {
                    continue
                }
                known[id] = account
                if settings.isOn { parts.trust.admit(peer) }
            } catch let error as PieceStoreError where error.code == .corrupt { continue }
        }
        accounts = Mutex(known)
    }

    /// How many there are.
    package var count: Int { accounts.withLock { $0.count } }

    func account(_ id: NodeID) -> CustomerAccount? { accounts.withLock { $0[id] } }

    /// Changes an account and makes it durable.
    func update(_ id: NodeID, _ change: @escaping @Sendable (inout CustomerAccount) -> Void) async throws {
        try await save(id) { account in
            guard var known = account else { return }
            change(&known)
            account = known
        }
    }

    /// Replaces an account, or makes it, durably.
    func save(_ id: NodeID, _ change: @escaping @Sendable (inout CustomerAccount?) -> Void) async throws {
        try await parts.pool.run { [self] in
            // Held while the file is written, so that an older state never comes after a newer one.
            try accounts.withLock { accounts in
                var account = accounts[id]
                change(&account)
                guard let account else { return }
                try StateFile<CustomerAccount>(folder: folder, name: "\(id).json", fileSystem: fileSystem).save(account)
                accounts[id] = account
            }
        }
    }

    /// Now, in seconds since 1970.
    var seconds: UInt64 { UInt64(clamping: parts.clock.now().seconds) }

    /// How prices are computed now; nil for prices in dollars while nobody knows what STORJ costs.
    func pay(_ sheet: SignedPriceSheet) async throws -> Pay? {
        let quote = sheet.sheet.denomination == .microUSD ? try await parts.quotes.quote(at: seconds) : nil
        return Pay(sheet.sheet.denomination, quote: quote)
    }
}
