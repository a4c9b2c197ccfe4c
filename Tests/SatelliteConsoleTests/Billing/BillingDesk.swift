import Accounting
import Accounts
import Billing
import Chores
import ConsoleKit
import Contracts
import Database
import Ethereum
import Hummingbird
import Identity
import Ledger
import Logging
import Metabase
import Orders
import SatelliteConsole
import StorageModel
import Synchronization
import TestSupport
import WebTesting

/// The billing pages over a satellite's billing, without sockets; a header says who is signed in.
struct BillingDesk {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let clock = TestClock()
    let accounts: Accounts
    let billing: Billing
    let database: Database
    let coins = Coins()
    let user: User
    let stranger: User
    let app: WebApp

    /// STORJ at a quarter of a dollar.
    private struct Price: QuoteSource {
        let name = "test"
        func quote(at seconds: UInt64) async throws -> Quote? {
            Quote(microUSD: 250_000, time: seconds, source: Quote.label(name))
        }
    }

    init() async throws {
        let random = RandomSource.seeded(11)
        let identity = NodeIdentity.generate(random: random)
        database = try Database.open(.memory)
        let metabase = Metabase(database: database, clock: clock.wallClock, random: random)
        try await metabase.load()
        accounts = Accounts(
            database: database, settings: AccountsSettings(), clock: clock.wallClock, random: random, logger: Self.logger)
        try await accounts.migrate()
        let accounting = Accounting(
            database: database, metabase: metabase, satellite: identity.peer,
            cipher: OrderMetadataCipher(keys: [[UInt8](repeating: 9, count: 32)]), settings: AccountingSettings(),
            clock: clock.wallClock, sleeper: .system, logger: Self.logger)
        try await accounting.load()
        user = try await accounts.createUser(email: "customer@example.com", name: "customer")
        stranger = try await accounts.createUser(email: "stranger@example.com", name: "stranger")
        var parts = BillingParts(
            satellite: identity.id, database: database, accounts: accounts, accounting: accounting, clock: clock.wallClock,
            sleeper: .system, logger: Self.logger)
        parts.quotes = QuoteBook(Price(), database: database, clock: clock.wallClock)
        parts.deposits = DepositDoor(
            key: try ExtendedPrivateKey(seed: (0..<16).map { UInt8($0) }).extendedPublicKey, source: coins)
        let billing = Billing(parts: parts, settings: BillingSettings())
        try await billing.load()
        self.billing = billing
        let users = [user, stranger]
        let pages = BillingPages(billing: billing, random: random, origin: "http://localhost") { context in
            guard let user = users.first(where: { $0.email == (context.session as? Signed)?.email }) else {
                throw WebError(.unauthorized, "Please sign in.")
            }
            return BillingVisitor(user: user.id, shell: Shell(brand: "Test"), projects: [:])
        }
        app = try WebApp(
            name: "test", settings: WebSettings(port: 0), resources: [.billing], sessions: Sessions(), clock: clock.wallClock,
            random: random, logger: Self.logger, refusal: BillingPages.refusal
        ) { router in pages.add(to: router) }
    }

    /// A browser in which somebody is signed in.
    func visitor(_ user: User) -> WebVisitor {
        let visitor = WebVisitor(app)
        visitor.headers[.authorization] = "Bearer \(user.email)"
        return visitor
    }

    private struct Signed: WebSession { let email: String }

    private struct Sessions: SessionStore {
        func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? { nil }
        func session(bearer: String, context: WebContext) async throws -> (any WebSession)? { Signed(email: bearer) }
    }
}

/// A chain of one token, whose blocks a test makes.
final class Coins: DepositSource {
    let token: Address? = Address(padded: Bytes32(words: [0, 0, 0, 0x70]))
    private let state = Mutex<(changes: [DepositChange], head: UInt64)>(([], 100))

    func watch(_ addresses: [Address]) async throws {}

    func changes(after cursor: Int64, limit: Int) async throws -> DepositPage {
        state.withLock { state in
            let page = state.changes.dropFirst(Int(cursor)).prefix(limit)
            return DepositPage(changes: Array(page), next: cursor + Int64(page.count), head: state.head)
        }
    }

    /// Blocks without anything of ours.
    func mine(_ count: UInt64) { state.withLock { $0.head += count } }

    /// A block with a transfer of whole tokens.
    func transfer(_ tokens: UInt64, to address: Address, at time: UInt64) {
        state.withLock { state in
            state.head += 1
            state.changes.append(
                .added(
                    DepositTransfer(
                        chainID: 1, height: state.head, blockHash: Bytes32(words: [0, 0, 0, state.head]),
                        transaction: Bytes32(words: [0, 0, 1, state.head]), index: 0, token: token,
                        from: Address(padded: Bytes32(words: [0, 0, 0, 0xAA])), to: address,
                        amount: TokenAmount(tokens * TokenAmount.unitsPerToken), time: time)))
        }
    }
}
