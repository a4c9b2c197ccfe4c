import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct VoucherTests {
    @Test(arguments: ["signer", "chain", "contract", "name", "channel", "statement", "sum", "period", "none"])
    func `a voucher that is forged, or made for another ledger, is refused, and the statement with it`(
        kind: String
    ) async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1)
            let domain = town.ledger.description.domains.channels
            let voucher: SignedVoucher =
                switch kind {
                case "signer": town.voucher(statement, by: town.payer)
                case "chain":
                    town.voucher(
                        statement,
                        in: SigningDomain(name: domain.name, version: "1", chainID: 1, contract: domain.contract))
                case "contract":
                    town.voucher(
                        statement, in: SigningDomain(name: domain.name, version: "1", chainID: 0, contract: town.keys.wallet))
                case "name": town.voucher(statement, in: town.ledger.description.domains.agreements)
                case "channel": town.voucher(statement) { $0.channel = Bytes32(words: [5, 5, 5, 5]) }
                case "statement": town.voucher(statement) { $0.statement = Bytes32(words: [5, 5, 5, 5]) }
                case "sum": town.voucher(statement) { $0.cumulative = TokenAmount($0.cumulative.units - 1) }
                case "period": town.voucher(statement) { $0.period = 2 }
                default: town.voucher(statement)
                }
            var request = Market_StatementRequest()
            request.statement = Data(town.signed(statement).encoded)
            request.voucher = kind == "none" ? Data() : Data(voucher.encoded)
            let answer = try await town.connect(as: town.satellite.peer).call(FarmerMethods.deliver, request)
            #expect(!answer.accepted)
            #expect(answer.refusal.contains("voucher"))
            #expect(try await town.book.lastStatement(of: town.satellite.id) == nil)
            #expect(try await town.book.channels().first?.voucher == nil)
            // The right one is taken afterwards.
            #expect(try await town.deliver(statement).accepted)
        }
    }

    @Test func `a signature with a high s is refused although it is of the same key`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1)
            var voucher = town.voucher(statement)
            // The order of the group less s: the same point, the other way round.
            let order = UInt256(
                Bytes32(words: [0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFE, 0xBAAE_DCE6_AF48_A03B, 0xBFD2_5E8C_D036_4141]))
            let high = order.subtractingReportingOverflow(UInt256(voucher.signature.s)).value
            voucher.signature = Signature(r: voucher.signature.r, s: high.bytes32, parity: !voucher.signature.parity)
            #expect(try await town.deliver(statement, voucher: voucher).refusal.contains("not signed"))
        }
    }

    @Test func `an older voucher never replaces a newer one`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            let second = try await town.paidPeriod(2, last: first)
            let channel = try #require(town.stub.now.channel)
            await #expect(throws: VoucherRefusal.lower(known: second.cumulative)) {
                try await town.farm.farmer.accept(town.voucher(first), channel: channel, payer: nil)
            }
            // The first statement said again is still agreed to, and takes nothing away.
            #expect(try await town.deliver(first).accepted)
            #expect(try await town.book.channels().first?.vouchered == second.cumulative)
        }
    }

    @Test func `statements that come after the voucher of a later period are agreed to all the same`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let first = town.statement(1)
            try await town.livePeriod(2)
            let second = town.statement(2, last: first)
            let channel = try #require(town.stub.now.channel)
            // A registration brings the newest voucher, whatever was delivered before.
            _ = try await town.farm.farmer.accept(town.voucher(second), channel: channel, payer: nil)
            #expect(try await town.deliver(first).accepted)
            #expect(try await town.book.channels().first?.vouchered == second.cumulative)
            #expect(try await town.deliver(second).accepted)
            #expect(try await town.book.lastStatement(of: town.satellite.id)?.statement.period == 2)
        }
    }

    @Test func `vouchers go on while the ledger cannot be asked, for a channel that was seen`() async throws {
        try await FarmTown.run { town in
            town.ledger.change { $0.isUnreachable = true }
            let first = try await town.paidPeriod(1)
            #expect(try await town.book.channels().first?.vouchered == first.cumulative)
        }
        try await FarmTown.run(registers: false) { town in
            try await town.openChannel(deposit: TokenAmount(1_000_000_000))
            town.ledger.change { $0.isUnreachable = true }
            try await town.register()
            try await town.livePeriod(1)
            #expect(try await status { _ = try await town.deliver(town.statement(1)) } == .unavailable)
            town.ledger.change { $0.isUnreachable = false }
            #expect(try await town.deliver(town.statement(1)).accepted)
        }
    }

    @Test func `a channel that the ledger does not know pays nothing`() async throws {
        try await FarmTown.run(registers: false) { town in
            let channel = Channel(
                payer: town.payer.address, farmer: town.keys.wallet, signer: town.signer.address, challenge: 7 * 86400,
                salt: Bytes32(words: [0, 0, 0, 99]))
            town.stub.change { $0.channel = channel }
            try await town.register()
            try await town.livePeriod(1)
            #expect(try await town.deliver(town.statement(1)).refusal.contains("ledger does not know"))
        }
    }

    @Test(arguments: 0..<4)
    func `a channel that does not fit is none`(kind: Int) async throws {
        try await FarmTown.run(registers: false) { town in
            var channel = Channel(
                payer: town.payer.address, farmer: town.keys.wallet, signer: town.signer.address, challenge: 7 * 86400,
                salt: Bytes32())
            switch kind {
            case 0: channel.farmer = town.payer.address
            case 1: channel.payer = town.keys.wallet
            case 2: channel.signer = town.payer.address
            default: channel.challenge = 3599
            }
            let spoilt = channel
            town.stub.change { $0.channel = spoilt }
            try await town.register()
            let payer = try await town.book.payer(town.satellite.id)
            #expect(payer.channel == nil)
            #expect(payer.problem?.contains("channel is refused") == true)
        }
    }

    @Test func `a farmer that lost its book gets its newest voucher back and goes on`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            let second = try await town.paidPeriod(2, last: first)
            let old = try #require(town.stub.now.registrations.last)
            town.stub.change { $0.voucher = town.voucher(second) }
            try await town.loseBook()
            #expect(try await town.book.channels().isEmpty)
            town.clock.advance(by: .seconds(60))
            try await town.register()
            #expect(try await town.book.channels().first?.vouchered == second.cumulative)
            // What it signs now is newer than what it signed before.
            let new = try #require(town.stub.now.registrations.last)
            #expect(new.sheet.sheet.sequence >= old.sheet.sheet.sequence)
            #expect(new.binding.binding.sequence >= old.binding.binding.sequence)
            let third = try await town.paidPeriod(3, last: second)
            #expect(try await town.book.lastStatement(of: town.satellite.id)?.statement == third)
            #expect(try await town.book.channels().first?.vouchered == third.cumulative)
        }
    }

    @Test func `a forged voucher in place of the lost one is not taken`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            town.stub.change { $0.voucher = town.voucher(first, by: town.payer) }
            try await town.loseBook()
            try await town.register()
            #expect(try await town.book.channels().first?.voucher == nil)
        }
    }

    @Test func `a new channel is learnt from the payer when a statement names it`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            try await town.openChannel(deposit: TokenAmount(1_000_000_000), salt: 2)
            let second = try await town.paidPeriod(2, last: first)
            #expect(second.cumulative == second.amount)
            let channels = try await town.book.channels()
            #expect(channels.count == 2)
            #expect(Set(channels.map(\.vouchered)) == [first.cumulative, second.cumulative])
        }
    }
}
