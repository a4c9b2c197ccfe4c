import Contracts
import Ethereum
import Ledger
import Logging
import StorageModel
import TestSupport
import Testing

/// The disk fails at every step there is, and the power with it; then the same work is done again under the same names.
@Suite struct LedgerCrashTests {
    private let random = RandomSource.seeded(5)
    private let key: PrivateKey
    private let payer: KeySigner
    private let farmer: KeySigner

    init() {
        key = .generate(random: random)
        payer = KeySigner(.generate(random: random))
        farmer = KeySigner(.generate(random: random))
    }

    private func open(_ disk: FaultyLedgerDisk, seed: UInt64 = 1) async throws -> EmbeddedLedger {
        try await EmbeddedLedger.open(
            folder: "/ledger", operator: key, settings: .forTests, clock: TestClock().wallClock, random: .seeded(seed),
            disk: disk, logger: .silent)
    }

    /// Things that change something each, with names that were kept before.
    private func work(_ domains: SettlementDomains) -> [(OperationID, SettlementOperation, KeySigner)] {
        let channel = Channel(
            payer: payer.address, farmer: farmer.address, signer: payer.address, challenge: 3600, salt: Bytes32())
        let voucher = Voucher(channel: channel.id, cumulative: TokenAmount(30), period: 1, statement: Bytes32())
            .signed(by: payer.key, in: domains.channels)
        let operations: [(SettlementOperation, KeySigner)] = [
            (.mint(to: payer.address, TokenAmount(1000)), KeySigner(key)),
            (.channel(.open(channel, TokenAmount(100))), payer), (.channel(.topUp(channel.id, TokenAmount(50))), payer),
            (.channel(.claim(channel, voucher)), farmer), (.transfer(to: farmer.address, TokenAmount(5)), payer),
            (.transfer(to: farmer.address, TokenAmount(5)), payer), (.channel(.farmerClose(channel)), farmer),
        ]
        return operations.enumerated().map { (OperationID(storage: UInt256(UInt64($0 + 1)).bytes32), $1.0, $1.1) }
    }

    /// Does what is not done yet.
    ///
    /// - Returns: the names that were answered for.
    private func doWork(_ ledger: EmbeddedLedger) async -> [OperationID] {
        let backend = EmbeddedBackend(ledger, random: random)
        var done: [OperationID] = []
        for (index, item) in work(backend.description.domains).enumerated() {
            guard let status = try? await backend.perform(item.1, by: item.2, id: item.0), status.isIncluded else {
                return done
            }
            done.append(item.0)
            if index % 3 == 2, (try? await ledger.closeBlock()) == nil { return done }
        }
        return done
    }

    private func check(_ ledger: EmbeddedLedger, has done: [OperationID]) async throws {
        let backend = EmbeddedBackend(ledger, random: random)
        for id in done { #expect(try await backend.status(of: id).isIncluded) }
        let state = try await ledger.read { $0.state }
        #expect(state.total == state.minted)
    }

    @Test func `a crash between any two writes loses nothing that was answered, and all can be done again`()
        async throws
    {
        let quiet = FaultyLedgerDisk(random: .seeded(1))
        let whole = try await open(quiet)
        let first = quiet.stepCount
        #expect(await doWork(whole).count == 7)
        let expected = try await whole.read { $0.state }
        let steps = quiet.stepCount
        try #require(steps > first + 20)
        for step in 0...steps {
            for seed in 0..<3 as Range<UInt64> {
                let disk = FaultyLedgerDisk(random: .seeded(seed * 1000 + UInt64(step)))
                disk.fail(after: step)
                var done: [OperationID] = []
                if let ledger = try? await open(disk) { done = await doWork(ledger) }
                disk.crash()
                let ledger = try await open(disk)
                try await check(ledger, has: done)
                #expect(await doWork(ledger).count == 7)
                let state = try await ledger.read { $0.state }
                #expect(state == expected)
                let finding = try await LedgerAudit.verify(file: "/ledger/ledger.log", disk: disk)
                #expect(finding.objection == nil)
            }
        }
    }

    @Test func `a full disk stops the ledger, and it goes on when there is room`() async throws {
        let disk = FaultyLedgerDisk(random: .seeded(2))
        let ledger = try await open(disk)
        let backend = EmbeddedBackend(ledger, random: random)
        let mint = SettlementOperation.mint(to: payer.address, TokenAmount(10))
        let id = OperationID(storage: UInt256(1).bytes32)
        disk.fail(after: 1)
        await #expect(throws: LedgerError.self) { _ = try await backend.submit(mint, by: KeySigner(key), id: id) }
        // Nothing is told that a crash could take back.
        await #expect(throws: LedgerError.self) { _ = try await backend.balance(of: payer.address) }
        await #expect(throws: LedgerError.self) { try await ledger.tick() }
        disk.heal()
        try await ledger.tick()
        _ = try await backend.submit(mint, by: KeySigner(key), id: id)
        #expect(try await backend.balance(of: payer.address) == TokenAmount(10))
        try await ledger.close()
        await #expect(throws: LedgerError.closed) { _ = try await backend.balance(of: payer.address) }
        #expect(try await open(disk).read { $0.state.minted } == TokenAmount(10))
    }

    @Test func `a log that is shorter than what was promised is refused, also one from an old backup`() async throws {
        let disk = FaultyLedgerDisk(random: .seeded(3))
        let ledger = try await open(disk)
        let old = disk.bytes("/ledger/ledger.log")
        #expect(await doWork(ledger).count == 7)
        let lineCount = try await ledger.read { $0.lineCount }
        try await ledger.close()
        let new = disk.bytes("/ledger/ledger.log")
        for bytes in [old, Array(new.dropLast(1)), Array(new.dropLast(400))] {
            disk.replace("/ledger/ledger.log", bytes)
            await #expect(throws: LedgerError.self) { _ = try await open(disk) }
        }
        disk.replace("/ledger/ledger.log", new + [0, 0, 1, 0, 5, 5, 5])
        let torn = try await open(disk)
        #expect(try await torn.read { $0.lineCount } == lineCount)
    }

    @Test func `any altered byte of a promised log is found`() async throws {
        let disk = FaultyLedgerDisk(random: .seeded(4))
        let ledger = try await open(disk)
        #expect(await doWork(ledger).count == 7)
        try await ledger.closeBlock()
        try await ledger.close()
        let good = disk.bytes("/ledger/ledger.log")
        for offset in stride(from: 0, to: good.count, by: 7) {
            var bytes = good
            bytes[offset] ^= 0x40
            disk.replace("/ledger/ledger.log", bytes)
            await #expect(throws: LedgerError.self) { _ = try await open(disk) }
            let finding = try await LedgerAudit.verify(file: "/ledger/ledger.log", disk: disk)
            // A stranger sees a shorter log or a wrong one, never another one.
            #expect(finding.objection != nil || finding.tornByteCount > 0)
        }
    }

    @Test func `another operator's key does not open the ledger`() async throws {
        let disk = FaultyLedgerDisk(random: .seeded(6))
        try await open(disk).close()
        await #expect(throws: LedgerError.self) {
            _ = try await EmbeddedLedger.open(
                folder: "/ledger", operator: payer.key, settings: .forTests, clock: TestClock().wallClock,
                random: .seeded(1), disk: disk, logger: .silent)
        }
    }
}
