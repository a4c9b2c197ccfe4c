import Contracts
import DRPC
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct EmbeddedLedgerTests {
    private let random = RandomSource.seeded(9)
    private let key: PrivateKey
    private let payer: KeySigner
    private let clock = TestClock()

    init() {
        key = .generate(random: random)
        payer = KeySigner(.generate(random: random))
    }

    private func open(
        _ disk: any LedgerDisk, blockSeconds: UInt64? = nil, seed: UInt64 = 1
    ) async throws -> EmbeddedLedger {
        var settings = EmbeddedLedgerSettings.forTests
        settings.blockSeconds = blockSeconds
        return try await EmbeddedLedger.open(
            folder: "/ledger", operator: key, settings: settings, clock: clock.wallClock, random: .seeded(seed),
            disk: disk, logger: .silent)
    }

    private func signed(
        _ ledger: EmbeddedLedger, number: UInt64, _ operation: SettlementOperation, by signer: PrivateKey,
        id: UInt64 = 1
    ) -> SignedOperation {
        let id = UInt256(id).bytes32
        let digest = SignedOperation.digest(
            sender: signer.address, number: number, id: id, operation: operation, in: ledger.domain)
        return SignedOperation(
            sender: signer.address, number: number, id: id, operation: operation, signature: signer.sign(digest))
    }

    @Test func `a signed operation is good once, in its place, and on its own ledger only`() async throws {
        let ledger = try await open(MemoryLedgerDisk())
        let other = try await open(MemoryLedgerDisk(), seed: 2)
        let mint = SettlementOperation.mint(to: payer.address, TokenAmount(10))
        let first = signed(ledger, number: 0, mint, by: key)
        let place = try await ledger.submit(first)
        // The same once more: the same answer, and no second effect.
        #expect(try await ledger.submit(first) == place)
        #expect(try await ledger.read { $0.state.minted } == TokenAmount(10))
        await #expect(throws: LedgerError.wrongSigner) { _ = try await other.submit(first) }
        await #expect(throws: LedgerError.wrongNumber(expected: 1, actual: 0)) {
            _ = try await ledger.submit(signed(ledger, number: 0, mint, by: key, id: 2))
        }
        await #expect(throws: LedgerError.wrongNumber(expected: 1, actual: 2)) {
            _ = try await ledger.submit(signed(ledger, number: 2, mint, by: key, id: 2))
        }
        var forged = signed(ledger, number: 1, mint, by: payer.key, id: 2)
        forged.sender = key.address
        await #expect(throws: LedgerError.wrongSigner) { _ = try await ledger.submit(forged) }
        await #expect(throws: LedgerError.self) {
            _ = try await ledger.submit(signed(ledger, number: 1, .burn(TokenAmount(1)), by: key, id: 1))
        }
    }

    @Test func `a refused operation uses up no number and leaves no line`() async throws {
        let ledger = try await open(MemoryLedgerDisk())
        let before = try await ledger.read { $0.lineCount }
        await #expect(throws: SettlementError.balanceTooLow) {
            _ = try await ledger.submit(signed(ledger, number: 0, .burn(TokenAmount(1)), by: payer.key))
        }
        #expect(try await ledger.read { $0.lineCount } == before)
        #expect(try await ledger.read { $0.number(of: payer.address) } == 0)
    }

    @Test func `blocks end on time, and time does not go back with the clock`() async throws {
        let ledger = try await open(MemoryLedgerDisk(), blockSeconds: 10)
        let backend = EmbeddedBackend(ledger, random: random)
        let mint = SettlementOperation.mint(to: payer.address, TokenAmount(10))
        _ = try await backend.submit(mint, by: KeySigner(key))
        try await ledger.tick()
        #expect(try await ledger.time().height == 1)
        clock.advance(by: .seconds(10))
        try await ledger.tick()
        #expect(try await ledger.time().height == 2)
        // Nothing in it: no block, but one a day.
        clock.advance(by: .seconds(1000))
        try await ledger.tick()
        #expect(try await ledger.time().height == 2)
        clock.advance(by: .seconds(86400))
        try await ledger.tick()
        let time = try await ledger.time()
        #expect(time.height == 3)
        clock.advance(by: .seconds(-5000))
        _ = try await backend.submit(mint, by: KeySigner(key))
        #expect(try await ledger.time().seconds == time.seconds)
        try await ledger.tick()
        clock.advance(by: .seconds(5010))
        _ = try await backend.submit(mint, by: KeySigner(key))
        #expect(try await ledger.time().height == 4)
    }

    @Test func `secrets of beacons come from a chain the first line fixed, and new chains follow`() async throws {
        let disk = MemoryLedgerDisk()
        let ledger = try await open(disk)
        let backend = EmbeddedBackend(ledger, random: random)
        let today = UInt64(clock.now.seconds) / BeaconState.epochSeconds
        var seeds: Set<Bytes32> = []
        // Three secrets are in a chain.
        for epoch in today - 7..<today {
            _ = try await backend.submit(.agreement(.arm(epoch: epoch)), by: payer)
            for _ in 0..<6 { try await ledger.closeBlock() }
            _ = try await backend.submit(.agreement(.seal(epoch: epoch)), by: payer)
            seeds.insert(try #require(try await backend.beacon(epoch: epoch)?.seed))
        }
        #expect(seeds.count == 7)
        try await ledger.close()
        let again = try await open(disk)
        #expect(try await again.read { $0.state.beacons.values.count } == 7)
        #expect(try await LedgerAudit.verify(file: "/ledger/ledger.log", disk: disk).objection == nil)
    }

    @Test func `a log made with another operator's blocks, or without a signature, is no ledger to a stranger`()
        async throws
    {
        let disk = MemoryLedgerDisk()
        let ledger = try await open(disk)
        _ = try await EmbeddedBackend(ledger, random: random).submit(
            .mint(to: payer.address, TokenAmount(10)), by: KeySigner(key))
        try await ledger.close()
        let finding = try await LedgerAudit.verify(file: "/ledger/ledger.log", operator: payer.address, disk: disk)
        #expect(finding.objection != nil)
        let right = try await LedgerAudit.verify(file: "/ledger/ledger.log", operator: key.address, disk: disk)
        #expect(right.holds)
        // The mint is after the last block: the operator has not signed it yet.
        #expect(right.signedLineCount == 2)
        #expect(right.books?.lineCount == 3)
    }

    @Test func `the same key opened twice is refused while the first is open`() async throws {
        try await withTemporaryFolder { folder in
            let first = try await EmbeddedLedger.open(
                folder: folder.path, operator: key, clock: clock.wallClock, logger: .silent)
            await #expect(throws: LedgerError.self) {
                _ = try await EmbeddedLedger.open(
                    folder: folder.path, operator: key, clock: clock.wallClock, logger: .silent)
            }
            try await first.close()
        }
    }

    // MARK: Over the wire

    private func connect(
        _ ledger: EmbeddedLedger, submitsPerMinute: Int = 6000
    ) async throws -> (network: InProcessNetwork, url: NodeURL) {
        let network = InProcessNetwork()
        var router = RPCRouter()
        LedgerEndpoint(ledger, clock: clock.wallClock, submitsPerMinute: submitsPerMinute).register(in: &router)
        let id = NodeID.random(using: random)
        network.register(router, id: id, address: "satellite:7777")
        return (network, NodeURL(id: id, address: "satellite:7777"))
    }

    @Test func `a copy of the log fetched by a stranger says what the ledger says`() async throws {
        let ledger = try await open(MemoryLedgerDisk())
        let (network, url) = try await connect(ledger)
        let remote = try await RemoteLedgerBackend.connect(dialer: network.dialer(as: nil), url: url, random: random)
        for _ in 0..<10 { _ = try await remote.submit(.mint(to: payer.address, TokenAmount(5)), by: KeySigner(key)) }
        let copy = MemoryLedgerDisk()
        let file = try copy.open("/copy")
        try await remote.copyLog { try file.write($0, at: file.size()) }
        let finding = try await LedgerAudit.verify(file: "/copy", disk: copy)
        #expect(finding.holds)
        #expect(finding.books?.head == (try await ledger.read { $0.head }))
        // The copy reads like the ledger itself.
        let audited = try await AuditedBackend(file: "/copy", operator: key.address, disk: copy)
        #expect(try await audited.balance(of: payer.address) == TokenAmount(50))
        #expect(try await audited.events(after: nil, limit: 4).events == remote.events(after: nil, limit: 4).events)
        await #expect(throws: LedgerError.self) { _ = try await audited.submit(.burn(TokenAmount(1)), by: payer) }
        await #expect(throws: LedgerError.self) {
            _ = try await AuditedBackend(file: "/copy", operator: payer.address, disk: copy)
        }
    }

    @Test func `an unreachable keeper is no refusal, and another ledger is not taken for the expected one`()
        async throws
    {
        let ledger = try await open(MemoryLedgerDisk())
        let (network, url) = try await connect(ledger)
        let remote = try await RemoteLedgerBackend.connect(dialer: network.dialer(as: nil), url: url, random: random)
        await #expect(throws: LedgerError.self) {
            _ = try await RemoteLedgerBackend.connect(
                dialer: network.dialer(as: nil), url: url, ledger: payer.address, random: random)
        }
        network.unregister(address: url.address)
        do {
            _ = try await remote.submit(.burn(TokenAmount(1)), by: payer)
            Issue.record("nobody is there")
        } catch let error as LedgerError {
            guard case .unreachable = error else { throw error }
        }
    }

    @Test func `bytes that are no operation and callers who send too many are refused`() async throws {
        let ledger = try await open(MemoryLedgerDisk())
        let (network, url) = try await connect(ledger, submitsPerMinute: 3)
        let connection = try await network.dialer(as: nil).connect(to: url)
        for bytes in [[], [0xC0], [UInt8](repeating: 0xFF, count: 40), [UInt8](repeating: 0, count: 200_000)]
            as [[UInt8]]
        {
            var request = Ledger_SubmitRequest()
            request.operation = Data(bytes)
            await #expect(throws: RPCStatusError.self) { _ = try await connection.call(LedgerMethods.submit, request) }
        }
        for count in [0, 1, 19, 33, 51, 53] {
            var request = Ledger_StatusRequest()
            request.id = Data(count: count)
            await #expect(throws: RPCStatusError.self) { _ = try await connection.call(LedgerMethods.status, request) }
            var read = Ledger_ReadRequest()
            read.subject = .channel
            read.key = Data(count: count)
            await #expect(throws: RPCStatusError.self) { _ = try await connection.call(LedgerMethods.read, read) }
        }
        var log = Ledger_LogRequest()
        log.after = .max
        #expect(try await connection.call(LedgerMethods.log, log).content.isEmpty)
        var events = Ledger_EventsRequest()
        events.after = .max
        #expect(try await connection.call(LedgerMethods.events, events).events.isEmpty)
        let remote = try await RemoteLedgerBackend.connect(dialer: network.dialer(as: nil), url: url, random: random)
        for _ in 0..<3 { _ = try await remote.submit(.mint(to: payer.address, TokenAmount(5)), by: KeySigner(key)) }
        await #expect(throws: LedgerError.tooManyRequests) {
            _ = try await remote.submit(.mint(to: payer.address, TokenAmount(5)), by: KeySigner(key))
        }
        clock.advance(by: .seconds(60))
        _ = try await remote.submit(.mint(to: payer.address, TokenAmount(5)), by: KeySigner(key))
    }
}
