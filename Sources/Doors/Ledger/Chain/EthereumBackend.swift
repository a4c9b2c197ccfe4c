package import Chores
package import Contracts
package import Database
package import Ethereum
package import Logging
package import StorageModel
import Synchronization

/// The ledger as contracts on a chain, over JSON-RPC.
///
/// - Source: economy design §10, §11.
package final class EthereumBackend: SettlementBackend {
    package let description: SettlementDescription
    /// The chain, for other questions.
    package let chain: ChainClient
    let settings: EthereumSettings
    let store: IntentStore
    private let scanner: LogScanner
    private let sleeper: Sleeper
    private let logger: Logger
    private let senders = Mutex<[Address: TransactionSender]>([:])
    /// Whether everything was found to be what was configured.
    private let isChecked = Mutex(false)

    /// A ledger over HTTP. `start` comes before anything else.
    ///
    /// - Parameter database: keeps intents, transactions, events; the same one in every run.
    package convenience init(settings: EthereumSettings, database: Database, sleeper: Sleeper, logger: Logger) {
        let chain = ChainClient(
            chainID: settings.chainID, urls: settings.endpoints, settings: settings.rpc, sleeper: sleeper, logger: logger)
        self.init(settings: settings, chain: chain, database: database, sleeper: sleeper, logger: logger)
    }

    /// A ledger on a chain that is reached in any way.
    package init(
        settings: EthereumSettings, chain: ChainClient, database: Database, sleeper: Sleeper, logger: Logger
    ) {
        let contracts = settings.contracts
        description = SettlementDescription(
            kind: .ethereum, domains: contracts.domains(chainID: settings.chainID), chainID: settings.chainID,
            token: contracts.token, confirmations: settings.confirmations)
        self.settings = settings
        self.chain = chain
        self.sleeper = sleeper
        self.logger = logger
        store = IntentStore(database: database, chainID: settings.chainID)
        scanner = LogScanner(
            chain: chain, database: database, name: "settlement",
            subject: [contracts.token, contracts.channels, contracts.payouts, contracts.agreements],
            settings: settings.scanner)
    }

    // MARK: Beginning

    /// Makes the tables, and checks that everything is what was configured: the chain, our code at each address, the token
    /// each contract works with, its decimals.
    ///
    /// - Throws: `LedgerError.wrongLedger`, `.wrongCode`, `.unreachable`. After the last one the ledger can be used: it is
    ///   checked before the first operation is taken.
    package func start() async throws {
        try await openTables()
        try await check()
    }

    private func check() async throws {
        guard !isChecked.withLock({ $0 }) else { return }
        try await asking { try await checkContracts() }
        isChecked.withLock { $0 = true }
    }

    func openTables() async throws {
        try await store.open()
        try await scanner.open()
    }

    private func checkContracts() async throws {
        try await chain.head()
        let contracts = settings.contracts
        let ours: [(Address, ContractArtifact)] = [
            (contracts.channels, .channels), (contracts.payouts, .payouts), (contracts.agreements, .agreements),
            (contracts.verifier, .blake3),
        ]
        for (address, artifact) in ours {
            guard artifact.isCode(try await chain.code(at: address)) else { throw LedgerError.wrongCode(address) }
        }
        for address in [contracts.channels, contracts.payouts, contracts.agreements] {
            let token = try await chain.view(address, ContractABI.token, [], [.address])[0].address()
            guard token == contracts.token else { throw LedgerError.wrongCode(address) }
        }
        let verifier = try await chain.view(contracts.agreements, ContractABI.verifier, [], [.address])[0].address()
        guard verifier == contracts.verifier else { throw LedgerError.wrongCode(contracts.agreements) }
        let decimals = try await chain.view(contracts.token, TokenABI.decimals, [], [.uint(256)])[0].small()
        guard decimals == TokenABI.decimalCount else { throw LedgerError.wrongCode(contracts.token) }
    }

    /// One round of what has to be done from time to time: reads new blocks, and looks after transactions.
    ///
    /// - Throws: `LedgerError`.
    package func maintain() async throws {
        try await asking {
            _ = try await scanner.scan { filters }
            for account in try await store.busySenders() { try await sender(account).advance() }
        }
    }

    /// Hands over a key after a restart, so that what waits can be signed.
    package func adopt(_ signer: any SettlementSigner) async { await sender(signer.address).use(signer) }

    func sender(_ account: Address) -> TransactionSender {
        senders.withLock { senders in
            if let sender = senders[account] { return sender }
            let sender = TransactionSender(
                account: account, chain: chain, store: store, settings: settings, logger: logger)
            senders[account] = sender
            return sender
        }
    }

    /// An endpoint that refuses to answer a question is none that answers.
    func asking<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let failure as RPCFailure {
            throw LedgerError.unreachable("an endpoint refuses: \(failure)")
        }
    }

    // MARK: State

    package func time() async throws -> LedgerTime {
        let head = try await chain.head()
        // The next block is later than this one, by a second at least.
        return LedgerTime(seconds: head.time + 1, height: head.number + 1)
    }

    package func balance(of owner: Address) async throws -> TokenAmount {
        try await asking { try await chain.balance(of: owner, settings.contracts) }
    }

    package func channel(_ id: Bytes32) async throws -> ChannelState? {
        try await asking { try await chain.channel(id, settings.contracts) }
    }

    package func agreement(_ id: Bytes32) async throws -> AgreementState? {
        try await asking { try await chain.agreement(id, settings.contracts) }
    }

    package func beacon(epoch: UInt64) async throws -> BeaconState? {
        try await asking { try await chain.beacon(epoch: epoch, settings.contracts) }
    }

    package func payout(of satellite: Address) async throws -> PayoutState? {
        try await asking { try await chain.payout(of: satellite, settings.contracts) }
    }

    package func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await asking { try await chain.paid(to: farmer, by: satellite, settings.contracts) }
    }

    package func credit(of farmer: Address) async throws -> TokenAmount {
        try await asking { try await chain.credit(of: farmer, settings.contracts) }
    }

    package func fee(of operation: SettlementOperation) async throws -> TokenAmount? {
        try await asking {
            let base = try await chain.head().baseFee ?? .zero
            let tip = min(try await chain.tip(), UInt256(settings.fees.maximumTip))
            let price = base.addingReportingOverflow(tip).value
            let (wei, first) = price.multipliedReportingOverflow(by: UInt256(operation.gas))
            let (scaled, second) = wei.multipliedReportingOverflow(by: UInt256(settings.fees.unitsPerEther))
            guard !first, !second,
                let units = scaled.quotientAndRemainder(dividingBy: UInt256(Self.weiPerEther))?.quotient.uint64
            else { return TokenAmount(.max) }
            return TokenAmount(units)
        }
    }

    private static let weiPerEther: UInt64 = 1_000_000_000_000_000_000

    // MARK: Operations

    package func prepare(_ signer: any SettlementSigner) async throws {
        try await check()
        let sender = sender(signer.address)
        await sender.use(signer)
        try await asking { try await wait(for: try await sender.prepare(), sender) }
    }

    /// Waits until intents are in a block.
    func wait(for ids: [Bytes32], _ sender: TransactionSender) async throws {
        for id in ids {
            while let intent = try await store.intent(id, of: sender.account) {
                switch intent.state {
                case .included where intent.inclusion?.isSuccess == true, .final where intent.inclusion?.isSuccess == true:
                    break
                case .queued, .sent:
                    try await sleeper.sleep(settings.rpc.pause)
                    try await sender.advance()
                    continue
                default: throw TransactionSender.error(intent.reason)
                }
                break
            }
        }
    }

    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        try await check()
        var seed: Bytes32?
        if let epoch = operation.neededEpoch { seed = try await beacon(epoch: epoch)?.seed }
        let call = try operation.call(of: settings.contracts, seed: seed)
        let sender = sender(signer.address)
        await sender.use(signer)
        let intent = Intent(id: id?.storage ?? settings.newID(), sender: signer.address, call: call)
        try await asking { try await sender.submit(intent) }
        return OperationID(storage: intent.id)
    }

    package func status(of id: OperationID) async throws -> OperationStatus {
        guard var intent = try await store.intent(id.storage) else { return .unknown }
        if intent.state.rawValue < Intent.State.final.rawValue {
            try await asking { try await sender(intent.sender).advance() }
            intent = try await store.intent(id.storage) ?? intent
        }
        return intent.status
    }

    /// Takes back an operation that is in no block yet.
    ///
    /// - Returns: whether that could be begun; the status says what came of it.
    package func cancel(_ id: OperationID) async throws -> Bool {
        guard let intent = try await store.intent(id.storage) else { return false }
        return try await asking { try await sender(intent.sender).cancel(intent.id) }
    }

    package func transaction(of id: OperationID) async throws -> Bytes32? {
        try await store.intent(id.storage)?.inclusion?.transaction
    }

    // MARK: Events

    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        _ = try await asking { try await scanner.scan { filters } }
        let position = Int64(clamping: cursor?.position ?? 0)
        let (changes, head) = try await scanner.changes(after: position, limit: limit)
        var page = EventPage(
            events: [], retracted: [], next: EventCursor(position: UInt64(changes.last?.position ?? position)))
        for change in changes {
            guard let event = try SettlementEvent(change.log, of: settings.contracts) else { continue }
            let place = EventPlace(
                height: change.log.height, hash: change.log.blockHash, transaction: change.log.transaction,
                index: change.ordinal)
            if !change.isAdded { page.retracted.append(place) }
            // What is gone again by now is not told; that it is gone is, to those who have heard of it.
            if change.isAdded, change.isLive {
                let confirmations = head >= place.height ? head - place.height : 0
                page.events.append(
                    PlacedEvent(event: event, place: place, confirmations: confirmations, time: change.time))
            }
        }
        return page
    }

    private var filters: [LogFilter] {
        let contracts = settings.contracts
        let ours = [contracts.channels, contracts.payouts, contracts.agreements]
        var accounts = ours
        switch settings.transfers {
        case .all:
            return [
                LogFilter(contracts: ours), LogFilter(contracts: [contracts.token], topics: [[TokenABI.transferred.topic]]),
            ]
        case .contracts: break
        case .accounts(let more): accounts += more
        }
        var filters = [LogFilter(contracts: ours)]
        for start in stride(from: 0, to: accounts.count, by: LogFilter.maximumValues) {
            let words = accounts[start..<min(start + LogFilter.maximumValues, accounts.count)].map(\.word)
            let topic = [TokenABI.transferred.topic]
            filters.append(LogFilter(contracts: [contracts.token], topics: [topic, words]))
            filters.append(LogFilter(contracts: [contracts.token], topics: [topic, nil, words]))
        }
        return filters
    }
}

extension Intent {
    /// As everybody is told.
    var status: OperationStatus {
        let height = inclusion?.height ?? 0
        return switch state {
        case .queued: .queued
        case .sent: .broadcast
        case .included, .final:
            if inclusion?.isSuccess == true, reason == nil {
                state == .final ? .final(height: height) : .included(height: height)
            } else {
                .failed(failure)
            }
        case .failed: .failed(failure)
        case .cancelled: .failed(.other("cancelled"))
        }
    }

    private var failure: OperationFailure {
        reason.flatMap { SettlementError(rawValue: $0) }.map { .refused($0) } ?? .other(reason ?? "for an unknown reason")
    }
}
