package import Chores
package import Contracts
package import DRPC
package import Database
package import Ethereum
import Foundation
import Installation
package import Ledger
package import Logging
package import StorageModel

/// A ledger that a program settles on, and what has to run for it.
package struct OpenLedger: Sendable {
    /// The ledger.
    package let backend: any SettlementBackend
    /// What goes on by itself, to be run with the program's own services.
    package let chores: [Cycle]
    /// Adds what others may ask of the ledger; nothing for one that is kept elsewhere.
    package let register: @Sendable (inout RPCRouter) -> Void

    /// What a ledger is opened with.
    package struct Parts: Sendable {
        /// Where a ledger of our own is kept.
        package var folder: String
        /// The operator of a ledger of our own, and whose transactions are looked after on a chain.
        package var keys: [PrivateKey]
        /// Keeps transactions and events of a chain.
        package var database: Database
        package var dialer: any RPCDialer
        package var clock: WallClock
        package var sleeper: Sleeper
        package var logger: Logger
        /// What the operator of a ledger of our own gets when it begins.
        package var firstMint = TokenAmount.zero

        /// Parts.
        package init(
            folder: String, keys: [PrivateKey], database: Database, dialer: any RPCDialer, clock: WallClock,
            sleeper: Sleeper, logger: Logger
        ) {
            self.folder = folder
            self.keys = keys
            self.database = database
            self.dialer = dialer
            self.clock = clock
            self.sleeper = sleeper
            self.logger = logger
        }
    }

    /// Opens the ledger of a choice; nil for none.
    ///
    /// - Throws: `LedgerError`, for instance when a chain is another one than was named.
    package static func open(_ choice: LedgerChoice, interval: Duration, _ parts: Parts) async throws -> OpenLedger? {
        switch choice {
        case .none: nil
        case .embedded(let settings): try await embedded(settings, parts)
        case .remote(let keeper): OpenLedger(backend: try await remote(keeper, parts), chores: [], register: { _ in })
        case .ethereum(let settings): try await ethereum(settings, interval, parts)
        }
    }

    /// The first time the keeper is asked which ledger it is; from then on it is known, whether the keeper can be reached
    /// or not.
    private static func remote(_ keeper: NodeURL, _ parts: Parts) async throws -> RemoteLedgerBackend {
        let file = URL(filePath: parts.folder).appending(path: "ledger.genesis")
        if FileManager.default.fileExists(atPath: file.path) {
            guard case .genesis(let genesis) = try LedgerLine(encoded: Array(Data(contentsOf: file))) else {
                throw LedgerError.damaged("\(file.path) is not the beginning of a ledger")
            }
            return RemoteLedgerBackend(genesis: genesis, dialer: parts.dialer, url: keeper)
        }
        let backend = try await RemoteLedgerBackend.connect(dialer: parts.dialer, url: keeper)
        try SecretFile.write(Data(LedgerLine.genesis(backend.genesis).encoded), to: file)
        return backend
    }

    private static func embedded(_ settings: EmbeddedLedgerSettings, _ parts: Parts) async throws -> OpenLedger {
        guard let key = parts.keys.first else { throw LedgerError.unsupported("keep a ledger without a key") }
        let ledger = try await EmbeddedLedger.open(
            folder: parts.folder, operator: key, settings: settings, clock: parts.clock, logger: parts.logger)
        let backend = EmbeddedBackend(ledger)
        if parts.firstMint > .zero {
            // Always under the same name, so that it is done once in the ledger's life.
            _ = try await backend.submit(
                .mint(to: key.address, parts.firstMint), by: KeySigner(key),
                id: OperationID(storage: Keccak256.hash(Array("first mint".utf8))))
        }
        let endpoint = LedgerEndpoint(ledger, clock: parts.clock)
        return OpenLedger(
            backend: backend, chores: [ledger.cycle(sleeper: parts.sleeper)],
            register: { endpoint.register(in: &$0) })
    }

    private static func ethereum(
        _ settings: EthereumSettings, _ interval: Duration, _ parts: Parts
    ) async throws -> OpenLedger {
        let backend = EthereumBackend(
            settings: settings, database: parts.database, sleeper: parts.sleeper, logger: parts.logger)
        try await backend.start()
        for key in parts.keys { await backend.adopt(KeySigner(key)) }
        let cycle = Cycle(
            name: "ledger-chain", interval: interval, startsImmediately: true, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger, work: { try await backend.maintain() })
        return OpenLedger(backend: backend, chores: [cycle], register: { _ in })
    }
}
