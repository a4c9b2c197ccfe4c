import Contracts
import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct PaymentCheckTests {
    private func check(
        _ payday: Payday, _ statements: [SignedStatement]? = nil, ledger: PaymentCheck.LedgerFacts? = nil,
        payouts: PayoutFile? = nil
    ) -> PaymentCheck {
        PaymentCheck(
            statements ?? payday.signed, manifest: payday.manifest, satellite: payday.satellite, ledger: ledger,
            payouts: payouts)
    }

    private func worked(channel: Bytes32 = Bytes32()) -> Payday {
        var payday = Payday()
        for day in 0..<10 { payday.work(egress: 5_000_000_000, outcome: day == 4 ? .failed : .passed, channel: channel) }
        return payday
    }

    @Test func `what a satellite published and a ledger paid holds`() throws {
        let payday = worked()
        let due = try #require(payday.statements.last?.cumulative)
        let file = try #require(
            PayoutFile(satellite: payday.payer.address, period: 3, reportRoot: Bytes32(), amounts: [payday.farmer: due]))
        var state = PayoutState()
        state.anchor = file.anchor
        let facts = PaymentCheck.LedgerFacts(payout: state, paid: due)
        let found = check(payday, ledger: facts, payouts: file)
        #expect(found.isSound)
        #expect(found.unknown.isEmpty)
        #expect(found.lines.count == 10)
        #expect(found.sources.map(\.paid) == [due])
    }

    @Test func `an amount altered by one unit is told by its period, and so is all that follows`() throws {
        let payday = worked()
        var signed = payday.signed
        signed[2].statement.lines[0].amount = TokenAmount(signed[2].statement.lines[0].amount.units + 1)
        let found = check(payday, signed)
        #expect(!found.isSound)
        #expect(found.lines[2].problems.count == 2)
        #expect(found.lines[2].problems.contains { $0.hasPrefix("storage earns") })
        #expect(found.lines[0].problems.isEmpty)
        #expect(found.lines[3].problems == ["\(Statement.Objection.previous)"])
    }

    @Test func `storage paid although the heartbeat failed is found`() {
        var payday = Payday()
        payday.work()
        payday.statements[0].heartbeat?.outcome = .failed
        #expect(check(payday).lines[0].problems == ["\(Statement.Objection.storage)"])
    }

    @Test func `a stranger's signature, payer or node is found`() throws {
        let payday = worked()
        var signed = payday.signed
        signed[1].signature = PrivateKey.generate(random: payday.random).sign(Bytes32())
        #expect(check(payday, signed).lines[1].problems == ["it is not signed by the satellite's paying key"])
        var other = payday
        other.statements[1].payer = payday.farmer
        #expect(check(other).lines[1].problems.contains { $0.hasPrefix("it names another payer") })
        other = payday
        other.statements[1].node = payday.satellite
        #expect(check(other).lines[1].problems.contains { $0.hasPrefix("it is of another node") })
    }

    @Test func `statements from the middle hold, and it is said that others are missing`() {
        let payday = worked()
        let found = check(payday, Array(payday.signed[5...]))
        #expect(found.isSound)
        #expect(found.unknown.count == 2)
    }

    @Test func `a claim for more than its statement says, or for none that is known, is found`() throws {
        let channel = Bytes32(words: [3, 3, 3, 3])
        let payday = worked(channel: channel)
        let last = try #require(payday.statements.last)
        var state = ChannelState(funded: TokenAmount(last.cumulative.units * 2))
        state.claimed = last.cumulative
        let transaction = Bytes32(words: [4, 4, 4, 4])
        func found(_ claim: PaymentCheck.LedgerFacts.Claim, _ state: ChannelState) -> PaymentCheck {
            check(payday, ledger: .init(channels: [channel: state], claims: [claim]))
        }
        let right = PaymentCheck.LedgerFacts.Claim(
            channel: channel, cumulative: last.cumulative, statement: last.digest, transaction: transaction)
        #expect(found(right, state).isSound)
        let more = PaymentCheck.LedgerFacts.Claim(
            channel: channel, cumulative: TokenAmount(last.cumulative.units + 1), statement: last.digest,
            transaction: transaction)
        #expect(!found(more, state).isSound)
        let strange = PaymentCheck.LedgerFacts.Claim(
            channel: channel, cumulative: last.cumulative, statement: Bytes32(), transaction: transaction)
        #expect(!found(strange, state).isSound)
        state.claimed = TokenAmount(last.cumulative.units + 1)
        #expect(!found(right, state).isSound)
        #expect(!check(payday, ledger: .init()).isSound)
    }

    @Test func `published payouts that are not what the ledger has, or less than promised, are found`() throws {
        let payday = worked()
        let due = try #require(payday.statements.last?.cumulative)
        let other = PrivateKey.generate(random: payday.random).address
        let file = try #require(
            PayoutFile(
                satellite: payday.payer.address, period: 3, reportRoot: Bytes32(),
                amounts: [payday.farmer: due, other: TokenAmount(5)]))
        var state = PayoutState()
        state.anchor = file.anchor
        #expect(PayoutCheck(file, ledger: state).isSound)
        #expect(!PayoutCheck(file, ledger: nil).isSound)
        var altered = file
        altered.entries[0].cumulative = TokenAmount(altered.entries[0].cumulative.units + 1)
        #expect(PayoutCheck(altered, ledger: state).problems.count == 2)
        state.anchor?.payoutRoot = Bytes32()
        #expect(PayoutCheck(file, ledger: state).problems == ["the ledger has another anchor for this period"])
        let less = try #require(
            PayoutFile(
                satellite: payday.payer.address, period: 3, reportRoot: Bytes32(),
                amounts: [payday.farmer: TokenAmount(due.units - 1)]))
        state.anchor = less.anchor
        #expect(!check(payday, ledger: .init(payout: state), payouts: less).isSound)
        #expect(!check(payday, ledger: .init()).isSound)
    }
}
