import Accounting
import Accounts
import Billing
import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Identity
import Ledger
import Logging
import Metabase
import Orders
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

/// A satellite's billing with a customer, a bucket and a node that hands in orders, without sockets.
struct Shop {
    static let address = "satellite.example.test:7777"
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// The key of BIP-32's first test vector.
    static let seed = (0..<16).map { UInt8($0) }

    let clock: TestClock
    let random: RandomSource
    let network = InProcessNetwork()
    let identity: NodeIdentity
    let node: NodeIdentity
    let database: Database
    let metabase: Metabase
    let accounts: Accounts
    let accounting: Accounting
    let issuer: OrderLimitIssuer
    let user: User
    let project: Project
    let price: Price
    let coins: Coins
    var settings: BillingSettings
    var parts: BillingParts

    /// A price that a test turns; nil: nobody knows it.
    final class Price: QuoteSource {
        let name = "test"
        let microUSD = Mutex<UInt64?>(250_000)

        func quote(at seconds: UInt64) async throws -> Quote? {
            microUSD.withLock { $0 }.map { Quote(microUSD: $0, time: seconds, source: Quote.label(name)) }
        }
    }

    /// - Parameter start: by default in the middle of a month.
    init(_ settings: BillingSettings = BillingSettings(), database: Database? = nil) async throws {
        random = .seeded(7)
        clock = TestClock()
        self.settings = settings
        identity = NodeIdentity.generate(random: random)
        node = NodeIdentity.generate(random: random)
        self.database = try database ?? Database.open(.memory)
        metabase = Metabase(database: self.database, clock: clock.wallClock, random: random)
        try await metabase.load()
        accounts = Accounts(
            database: self.database, settings: AccountsSettings(), clock: clock.wallClock, random: random,
            logger: Self.logger)
        try await accounts.migrate()
        let cipher = OrderMetadataCipher(keys: [[UInt8](repeating: 9, count: 32)])
        accounting = Accounting(
            database: self.database, metabase: metabase, satellite: identity.peer, cipher: cipher,
            settings: AccountingSettings(), clock: clock.wallClock, sleeper: .system, logger: Self.logger)
        try await accounting.load()
        issuer = OrderLimitIssuer(identity: identity, cipher: cipher)
        user = try await accounts.createUser(email: "customer@example.com", name: "customer")
        project = try await accounts.createProject(name: "project", owner: user.id)
        var router = RPCRouter()
        accounting.register(in: &router)
        network.register(router, id: identity.id, address: Self.address)
        price = Price()
        coins = Coins()
        parts = BillingParts(
            satellite: identity.id, database: self.database, accounts: accounts, accounting: accounting,
            clock: clock.wallClock, sleeper: .system, logger: Self.logger)
        parts.quotes = QuoteBook(price, database: self.database, clock: clock.wallClock)
        parts.deposits = DepositDoor(key: try ExtendedPrivateKey(seed: Self.seed).extendedPublicKey, source: coins)
    }

    /// Billing over everything, as after a start of the satellite.
    func billing() async throws -> Billing {
        let billing = Billing(parts: parts, settings: settings)
        try await billing.load()
        return billing
    }

    // MARK: What customers do

    @discardableResult
    func makeBucket(_ name: String = "bucket", userAgent: String = "") async throws -> Bucket {
        try await metabase.createBucket(
            NewBucket(
                location: BucketLocation(project: project.id, name: name), userAgent: Array(userAgent.utf8)))
    }

    /// Commits an object of one inline segment.
    func store(_ key: String, bucket: String = "bucket", encryptedSize: Int64) async throws {
        let location = ObjectLocation(
            bucket: BucketLocation(project: project.id, name: bucket), key: Array(key.utf8))
        let upload = NewUpload(location: location, encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
        let segment = NewSegment(
            position: .zero, content: .inline([1, 2, 3]), plainSize: max(0, encryptedSize - 16),
            encryptedSize: encryptedSize, encryptedKey: [UInt8](repeating: 1, count: 48),
            encryptedKeyNonce: [UInt8](repeating: 2, count: 24))
        _ = try await metabase.putObject(upload, segments: [segment], ObjectCommit(mayOverwrite: true))
    }

    /// A limit and an order of this much of it, for a download.
    func order(_ amount: Int64, bucket: String = "bucket") throws -> SettlementRequest {
        let key = PieceKey.generate(random: random)
        let terms = OrderTerms(
            action: .get, limit: amount + 100, rootPieceID: .random(using: random), uplinkPublicKey: key.publicKey,
            metadata: OrderMetadata(project: project.id, bucket: Array(bucket.utf8)), now: clock.now,
            lifetime: .seconds(24 * 3600), random: random)
        let signed = try issuer.limit(terms, node: node.id, pieceNumber: 0)
        return SettlementRequest(
            limit: signed, order: key.sign(Order(serialNumber: signed.serialNumber, amount: amount)))
    }

    /// The node hands in orders.
    func settle(_ requests: [SettlementRequest]) async throws {
        let connection = try await network.dialer(as: node.peer).connect(
            to: NodeURL(id: identity.id, address: Self.address))
        let response = try await connection.withStream(OrdersMethods.settlementWithWindow) { stream in
            for request in requests { try await stream.send(request) }
            stream.closeSend()
            return try await stream.receive()
        }
        #expect(response?.status == .accepted)
    }

    /// Lets time pass, with a tally each hour.
    func live(hours: Int) async throws {
        for _ in 0..<hours {
            clock.advance(by: .seconds(3600))
            try await accounting.bookBuckets()
        }
    }

    /// Pays in as if by card, without a card.
    func payIn(_ dollars: String, id: String) async throws {
        let amount = try #require(USDAmount(dollars))
        try await Journal(database: database).post(
            try JournalEntry(
                id: id, time: clock.now, amount, from: .cards, to: .customer(Hexadecimal.encode(user.id.bytes)), note: "test"))
    }
}

/// A chain of one token, whose blocks a test makes and takes away.
final class Coins: DepositSource {
    struct Entry {
        let position: Int64
        let change: DepositChange
    }

    let token: Address? = Address(padded: Bytes32(words: [0, 0, 0, 0x70]))
    private let state = Mutex<(entries: [Entry], head: UInt64, watched: Set<Address>, fork: UInt64)>(([], 100, [], 0))

    var watched: Set<Address> { state.withLock { $0.watched } }

    func watch(_ addresses: [Address]) async throws { state.withLock { $0.watched.formUnion(addresses) } }

    func changes(after cursor: Int64, limit: Int) async throws -> DepositPage {
        state.withLock { state in
            let page = state.entries.filter { $0.position > cursor }.prefix(limit)
            return DepositPage(
                changes: page.map(\.change), next: page.last?.position ?? cursor, head: state.head)
        }
    }

    /// Blocks without anything of ours.
    func mine(_ count: UInt64) { state.withLock { $0.head += count } }

    /// A block with a transfer.
    @discardableResult
    func transfer(
        _ amount: TokenAmount, to address: Address, transaction: UInt64, from: UInt64 = 0xAA, index: UInt64 = 0,
        at time: UInt64, token: Address? = nil
    ) -> DepositTransfer {
        state.withLock { state in
            state.head += 1
            let transfer = DepositTransfer(
                chainID: 1, height: state.head, blockHash: Bytes32(words: [0, 0, state.fork, state.head]),
                transaction: Bytes32(words: [0, 0, 0, transaction]), index: index, token: token ?? self.token,
                from: Address(padded: Bytes32(words: [0, 0, 0, from])), to: address, amount: amount, time: time)
            append(.added(transfer), &state)
            return transfer
        }
    }

    /// Another transfer of the same transaction.
    func add(_ amount: TokenAmount, beside transfer: DepositTransfer, index: UInt64) {
        state.withLock { state in
            var other = transfer
            other.amount = amount
            other.index = index
            append(.added(other), &state)
        }
    }

    /// A reorganisation: the transfer's block and all on top are gone.
    func takeAway(_ transfer: DepositTransfer) {
        state.withLock { state in
            state.fork += 1
            state.head = transfer.height - 1
            append(
                .retracted(
                    chainID: transfer.chainID, blockHash: transfer.blockHash, transaction: transfer.transaction,
                    index: transfer.index), &state)
        }
    }

    private func append(
        _ change: DepositChange, _ state: inout (entries: [Entry], head: UInt64, watched: Set<Address>, fork: UInt64)
    ) {
        state.entries.append(Entry(position: Int64(state.entries.count) + 1, change: change))
    }
}
