import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import Ledger
import Market
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct RegistrationTests {
    @Test func `a node names its wallet and its prices, and nodes are chosen by them`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let market = try await payday.market()
            let (_, purse) = try await payday.farmers(1)[0]
            let response = try await payday.register(purse, purse.request(purse.sheet(storage: 900_000, egress: 1_000_000)))
            #expect(response.refusal.isEmpty)
            #expect(response.payment == .root)
            #expect(response.sheetSequence == 1)
            #expect(response.sheetFrom == UInt64(payday.place.clock.now.seconds))
            // With the usual traffic of a tenth.
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 1_000_000)
            let farmer = try #require(try await market.farmers().first)
            #expect(farmer.farmer.wallet == purse.wallet.address)
            #expect(farmer.sheet?.signed.sheet == purse.sheet(storage: 900_000, egress: 1_000_000))
            // A channel is opened by the next run, and named from then on.
            try await market.runPayments()
            let again = try await payday.register(purse, purse.request(purse.sheet(storage: 900_000, egress: 1_000_000)))
            #expect(again.payment == .channel)
            let channel = try Channel(encoded: again.channel)
            #expect(channel.farmer == purse.wallet.address && channel.payer == payday.payer.address)
            #expect(try await payday.backend.channel(channel.id)?.funded == TokenAmount(TokenAmount.unitsPerToken))
        }
    }

    @Test func `forged, foreign, old and expired messages are refused with the reason, and change nothing`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let market = try await payday.market()
            let purses = try await payday.farmers(2).map(\.purse)
            let (purse, other) = (purses[0], purses[1])
            let good = purse.sheet(sequence: 7)
            #expect(try await payday.register(purse, purse.request(good)).refusal.isEmpty)

            var cases: [(String, Market_RegisterRequest)] = []
            cases.append(("another node's binding", other.request(other.sheet())))
            cases.append(("expired binding", purse.request(binding: purse.binding(sequence: 2, validUntil: 1))))
            cases.append(("older binding", purse.request(binding: purse.binding(sequence: 0))))
            var foreign = purse.binding(sequence: 1)
            foreign.wallet = other.wallet.address
            cases.append(("another binding with the same number", purse.request(binding: foreign)))
            cases.append(("older sheet", purse.request(purse.sheet(sequence: 6))))
            cases.append(("another sheet with the same number", purse.request(purse.sheet(sequence: 7, storage: 1))))
            cases.append(("expired sheet", purse.request(purse.sheet(sequence: 8, validUntil: 2))))
            cases.append(("absurd price", purse.request(purse.sheet(sequence: 8, storage: .max))))
            var sheet = purse.sheet(sequence: 8)
            sheet.farmer = other.wallet.address
            cases.append(("another wallet's sheet", purse.request(sheet)))
            var forged = purse.request()
            forged.priceSheet = Data(purse.sheet(sequence: 8).signed(by: other.hot).encoded)
            cases.append(("a sheet signed by another key", forged))
            var torn = purse.request(purse.sheet(sequence: 8))
            torn.priceSheet.removeLast()
            cases.append(("torn bytes", torn))
            var unsigned = purse.request()
            let stranger = purse.binding(sequence: 3).signed(by: other.node, signer: purse.hot, wallet: purse.wallet)
            unsigned.binding = Data(stranger.encoded)
            cases.append(("a binding signed by another node", unsigned))
            var stolen = purse.request()
            let thief = purse.binding(sequence: 3).signed(by: purse.node, signer: other.hot, wallet: purse.wallet)
            stolen.binding = Data(thief.encoded)
            cases.append(("a binding signed by another hot key", stolen))
            for (name, request) in cases {
                let response = try await payday.register(purse, request)
                #expect(!response.refusal.isEmpty, "\(name)")
                #expect(response.sheetSequence == 7, "\(name)")
            }
            let farmers = try await market.farmers()
            #expect(farmers.map(\.farmer.wallet) == [purse.wallet.address])
            #expect(farmers.first?.sheet?.signed.sheet == good)
        }
    }

    @Test func `a wallet without its own signature is taken, a wrong one is not`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            _ = try await payday.market()
            let purses = try await payday.farmers(2).map(\.purse)
            let purse = purses[0]
            var request = Market_RegisterRequest()
            request.binding = Data(purse.binding().signed(by: purse.node, signer: purse.hot, wallet: nil).encoded)
            #expect(try await payday.register(purse, request).refusal.isEmpty)
            let forged = purse.binding(sequence: 2).signed(by: purse.node, signer: purse.hot, wallet: purses[1].wallet)
            request.binding = Data(forged.encoded)
            #expect(try await payday.register(purse, request).refusal == "\(MessageRefusal.wrongSignature("wallet"))")
        }
    }

    @Test func `a sheet signed with the high half of s is refused`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            _ = try await payday.market()
            let purse = try await payday.farmers(1)[0].purse
            var signed = purse.sheet().signed(by: purse.hot)
            let order = UInt256(
                Bytes32(words: [.max, 0xFFFF_FFFF_FFFF_FFFE, 0xBAAE_DCE6_AF48_A03B, 0xBFD2_5E8C_D036_4141]))
            let mirrored = order.subtractingReportingOverflow(UInt256(signed.signature.s)).value.bytes32
            signed.signature = Signature(r: signed.signature.r, s: mirrored, parity: !signed.signature.parity)
            var request = purse.request()
            request.priceSheet = Data(signed.encoded)
            #expect(try await payday.register(purse, request).refusal == "\(MessageRefusal.wrongSignature("signer"))")
        }
    }

    @Test func `a rise waits for its notice in what is paid and in what nodes are chosen by`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let market = try await payday.market()
            let purse = try await payday.farmers(1)[0].purse
            try await payday.register(purse, purse.request(purse.sheet(sequence: 1, storage: 1_000_000, egress: 0)))
            let response = try await payday.register(
                purse, purse.request(purse.sheet(sequence: 2, storage: 2_000_000, egress: 0)))
            #expect(response.sheetSequence == 2)
            #expect(response.sheetFrom == UInt64(payday.place.clock.now.seconds) + 30 * 86_400)
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 1_000_000)
            #expect(try await market.farmers().first?.coming?.signed.sheet.sequence == 2)
            payday.place.clock.advance(by: .seconds(30 * 86_400))
            try await market.runPayments()
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 2_000_000)
        }
    }

    @Test func `sheets in STORJ are compared by the price of STORJ, and by the last one while nobody knows it`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let market = try await payday.market()
            let purse = try await payday.farmers(1)[0].purse
            // Six STORJ at a quarter of a dollar.
            let sheet = purse.sheet(storage: 600_000_000, egress: 0, denomination: .storj)
            try await payday.register(purse, purse.request(sheet))
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 1_500_000)
            payday.prices.set(nil)
            try await market.runPayments()
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 1_500_000)
            payday.prices.set(500_000)
            try await market.runPayments()
            #expect(payday.place.overlay.offers()?[purse.node.id]?.price == 3_000_000)
        }
    }
}
