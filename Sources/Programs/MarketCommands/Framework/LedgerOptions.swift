import ArgumentParser
import Chores
import ClientCommands
import Contracts
import Database
import DRPC
import Ethereum
import Ledger
import Logging
import StorageModel

/// Which ledger is looked at.
struct LedgerOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("ledger"), help: "The log of an embedded ledger; all of it is checked and replayed.",
        completion: .file())
    var file: String?

    @Option(name: .customLong("rpc"), help: "An endpoint of the chain; of several, all must agree.")
    var endpoints: [String] = []

    @Option(
        name: .customLong("proofs"),
        help: ArgumentHelp("With --rpc: the contract that checks proofs of BLAKE3.", valueName: "address"))
    var proofs: String?

    @Option(name: .customLong("start-block"), help: "With --rpc: the block from which events are read.")
    var startBlock: UInt64 = 0

    /// Checks that there is one ledger at most.
    mutating func validate() throws {
        guard file == nil || endpoints.isEmpty else { throw ValidationError("--ledger or --rpc, not both") }
        guard endpoints.isEmpty == (proofs == nil) else { throw ValidationError("--proofs goes with --rpc, and it with that") }
    }

    /// Whether one was named.
    var isGiven: Bool { file != nil || !endpoints.isEmpty }

    /// Opens the ledger around a body; nil when there is none to look at.
    ///
    /// Without a name it is the one that the satellite keeps itself, if it does.
    ///
    /// - Throws: `CommandFailure`; what the body throws.
    func with<Result>(
        _ source: PublishedSource?, _ manifest: Manifest?, _ body: (LedgerView?) async throws -> Result
    ) async throws -> Result {
        let view: LedgerView?
        do {
            view =
                if let file { try await Self.log(file, manifest) } else if !endpoints.isEmpty {
                    try await chain(manifest)
                } else { try await Self.ownLedger(source, manifest) }
        } catch let error as LedgerError {
            if case .unreachable = error { throw CommandFailure(.unreachable, "\(error)") }
            throw CommandFailure(.failure, "\(error)")
        }
        return try await body(view)
    }

    /// A log, replayed.
    private static func log(_ path: String, _ manifest: Manifest?) async throws -> LedgerView {
        let found = EventCollection()
        let finding = try await LedgerAudit.verify(file: path) { line, hash in found.take(line, hash) }
        guard let books = finding.books, finding.holds else {
            throw CommandFailure(.failure, "the log \(path) does not hold: \(finding.objection ?? "it is empty")")
        }
        try check(books.state.domains, manifest)
        return LedgerView(books.state, events: found.events, name: "\(path): \(books.lineCount) lines, all of them hold")
    }

    /// The ledger that the satellite keeps.
    private static func ownLedger(_ source: PublishedSource?, _ manifest: Manifest?) async throws -> LedgerView? {
        guard let remote = source?.remote, let settlement = manifest?.settlement, settlement.chainID == 0 else { return nil }
        let backend = try await RemoteLedgerBackend.connect(
            dialer: remote.dialer, url: remote.url, ledger: settlement.payouts)
        return LedgerView(
            backend, name: "the satellite's own ledger",
            doubt: "the ledger is the satellite's own, and was only asked: with --ledger its whole log is replayed")
    }

    /// Contracts on a chain.
    private func chain(_ manifest: Manifest?) async throws -> LedgerView {
        guard let settlement = manifest?.settlement, settlement.chainID != 0,
            let token = manifest?.tokens.first(where: { $0.chainID == settlement.chainID && $0.symbol == "STORJ" })
        else { throw CommandFailure(.usage, "--rpc goes with the manifest of a satellite that settles on a chain") }
        let verifier: Address
        do { verifier = try Address(proofs ?? "") } catch { throw CommandFailure(.usage, "--proofs: \(error)") }
        var settings = EthereumSettings(
            endpoints: endpoints, chainID: settlement.chainID,
            contracts: ContractAddresses(
                token: token.contract, channels: settlement.channels, payouts: settlement.payouts,
                agreements: settlement.agreements, verifier: verifier), random: .system)
        settings.scanner.start = startBlock
        let backend = EthereumBackend(
            settings: settings, database: try Database.open(.memory), sleeper: .system,
            logger: Logger(label: "storj") { _ in SwiftLogNoOpLogHandler() })
        try await backend.start()
        try await backend.maintain()
        return LedgerView(backend, name: "chain \(settlement.chainID), as \(endpoints.joined(separator: " and ")) say")
    }

    private static func check(_ domains: SettlementDomains, _ manifest: Manifest?) throws {
        guard let settlement = manifest?.settlement, settlement.domains != domains else { return }
        throw CommandFailure(.failure, "the log is not of the ledger that the manifest names")
    }
}
