import Contracts
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite struct ChannelConformanceTests {
    @Test(arguments: StageKind.allCases)
    func `a channel is opened, filled up, claimed from and closed, and every event says so`(kind: StageKind)
        async throws
    {
        try await kind.withStage { stage in
            let channel = stage.makeChannel()
            let payer = stage.payer.address
            let farmer = stage.farmer.address
            let opened = try await stage.channel(.open(channel, TokenAmount(1000)), by: stage.payer)
            #expect(
                opened == [
                    stage.transfer(payer, stage.channelsAddress, 1000),
                    .opened(id: channel.id, channel: channel, amount: TokenAmount(1000)),
                ])
            #expect(
                try await stage.channel(.topUp(channel.id, TokenAmount(500)), by: stage.other) == [
                    stage.transfer(stage.other.address, stage.channelsAddress, 500),
                    .toppedUp(id: channel.id, amount: TokenAmount(500), funded: TokenAmount(1500)),
                ])
            let voucher = stage.voucher(channel, 400, period: 9)
            #expect(
                try await stage.channel(.claim(channel, voucher), by: stage.other) == [
                    .claimed(
                        id: channel.id, farmer: farmer, cumulative: TokenAmount(400), paid: TokenAmount(400), period: 9,
                        statement: voucher.voucher.statement), stage.transfer(stage.channelsAddress, farmer, 400),
                ])
            var state = ChannelState(funded: TokenAmount(1500))
            state.claimed = TokenAmount(400)
            #expect(try await stage.backend.channel(channel.id) == state)
            #expect(
                try await stage.channel(.farmerClose(channel), by: stage.farmer) == [
                    stage.transfer(stage.channelsAddress, payer, 1100),
                    .closed(id: channel.id, refunded: TokenAmount(1100)),
                ])
            #expect(try await stage.backend.channel(channel.id)?.isClosed == true)
            #expect(try await stage.units(stage.payer) == SettlementStage.startUnits + 100)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 400)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `closing ends to the second, and claims are good until then`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let channel = stage.makeChannel(challenge: 3600)
            try await stage.channel(.open(channel, TokenAmount(1000)), by: stage.payer)
            await #expect(throws: SettlementError.notAllowed) {
                try await stage.channel(.startClose(channel), by: stage.farmer)
            }
            await #expect(throws: SettlementError.notClosing) {
                try await stage.channel(.finishClose(channel), by: stage.payer)
            }
            let events = try await stage.channel(.startClose(channel), by: stage.payer)
            let state = try #require(try await stage.backend.channel(channel.id))
            let end = try #require(state.closesAt)
            #expect(events == [.closing(id: channel.id, closesAt: end)])
            await #expect(throws: SettlementError.channelClosing) {
                try await stage.channel(.startClose(channel), by: stage.payer)
            }
            await #expect(throws: SettlementError.channelClosing) {
                try await stage.channel(.topUp(channel.id, TokenAmount(1)), by: stage.payer)
            }
            try await stage.wait(until: end - 1)
            await #expect(throws: SettlementError.closingTooEarly) {
                try await stage.channel(.finishClose(channel), by: stage.payer)
            }
            try await stage.channel(.claim(channel, stage.voucher(channel, 250)), by: stage.farmer)
            try await stage.wait(until: end)
            #expect(
                try await stage.channel(.finishClose(channel), by: stage.other).last
                    == .closed(id: channel.id, refunded: TokenAmount(750)))
            for operation: ChannelOperation in [
                .claim(channel, stage.voucher(channel, 300)), .topUp(channel.id, TokenAmount(1)), .finishClose(channel),
            ] {
                await #expect(throws: SettlementError.channelClosed) {
                    try await stage.channel(operation, by: stage.payer)
                }
            }
            await #expect(throws: SettlementError.channelExists) {
                try await stage.channel(.open(channel, TokenAmount(1)), by: stage.payer)
            }
        }
    }

    @Test(arguments: StageKind.allCases)
    func `the same voucher twice and an older one after a newer one pay nothing`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let channel = stage.makeChannel()
            try await stage.channel(.open(channel, TokenAmount(1000)), by: stage.payer)
            try await stage.channel(.claim(channel, stage.voucher(channel, 300)), by: stage.farmer)
            for units in [300, 299, 1] as [UInt64] {
                await #expect(throws: SettlementError.nothingToClaim) {
                    try await stage.channel(.claim(channel, stage.voucher(channel, units)), by: stage.farmer)
                }
            }
            // Above the deposit: what is there, and the rest after a top-up.
            try await stage.channel(.claim(channel, stage.voucher(channel, 1500)), by: stage.farmer)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 1000)
            try await stage.channel(.topUp(channel.id, TokenAmount(600)), by: stage.payer)
            try await stage.channel(.claim(channel, stage.voucher(channel, 1500)), by: stage.farmer)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 1500)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `claims of runs of one farmer are one transfer, and one bad claim undoes all`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let farmers = [stage.farmer, stage.farmer, stage.other]
            let channels = farmers.enumerated().map { stage.makeChannel(UInt64($0), farmer: $1) }
            try await stage.channel(.openMany(channels, TokenAmount(1000)), by: stage.payer)
            var claims = channels.map { ChannelOperation.Claim(channel: $0, voucher: stage.voucher($0, 10)) }
            claims[2].voucher = stage.voucher(channels[2], 10, by: stage.other)
            await #expect(throws: SettlementError.badSignature) {
                try await stage.channel(.claimMany(claims), by: stage.farmer)
            }
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits)
            claims[2].voucher = stage.voucher(channels[2], 10)
            let events = try await stage.channel(.claimMany(claims), by: stage.farmer)
            let transfers = events.filter { if case .transferred = $0 { true } else { false } }
            #expect(
                transfers == [
                    stage.transfer(stage.channelsAddress, stage.farmer.address, 20),
                    stage.transfer(stage.channelsAddress, stage.other.address, 10),
                ])
        }
    }

    @Test(arguments: StageKind.allCases)
    func `vouchers of others, for others and from elsewhere are refused`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let channel = stage.makeChannel()
            let second = stage.makeChannel(1)
            try await stage.channel(.openMany([channel, second], TokenAmount(1000)), by: stage.payer)
            let good = stage.voucher(channel, 100)
            var altered = good
            altered.voucher.cumulative = TokenAmount(101)
            let elsewhere = SigningDomain(
                name: "StorjChannels", version: "1", chainID: stage.backend.description.chainID + 1,
                contract: stage.channelsAddress)
            // The same signature with a high s, which nobody may use.
            let order = try #require(
                UInt256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
            let high = order.subtractingReportingOverflow(UInt256(good.signature.s)).value
            var malleable = good
            malleable.signature = Signature(
                r: good.signature.r, s: high.bytes32, parity: !good.signature.parity)
            let bad = [
                stage.voucher(channel, 100, by: stage.farmer), stage.voucher(second, 100), altered, malleable,
                good.voucher.signed(by: stage.payer.key, in: elsewhere),
                SignedVoucher(
                    voucher: good.voucher, signature: Signature(r: Bytes32(), s: Bytes32(), parity: false)),
            ]
            for voucher in bad {
                await #expect(throws: SettlementError.badSignature) {
                    try await stage.channel(.claim(channel, voucher), by: stage.farmer)
                }
            }
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `bad openings are refused, each for its reason`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let channel = stage.makeChannel()
            var nobody = channel
            nobody.farmer = .zero
            let tries: [(ChannelOperation, KeySigner, SettlementError)] = [
                (.open(channel, .zero), stage.payer, .amountZero),
                (.open(channel, TokenAmount(1)), stage.other, .notAllowed),
                (.open(channel, TokenAmount(SettlementStage.startUnits + 1)), stage.payer, .balanceTooLow),
                (.open(stage.makeChannel(challenge: 3599), TokenAmount(1)), stage.payer, .badTerms),
                (.open(stage.makeChannel(challenge: 90 * 86400 + 1), TokenAmount(1)), stage.payer, .badTerms),
                (.open(nobody, TokenAmount(1)), stage.payer, .badTerms),
                (.openMany([], TokenAmount(1)), stage.payer, .tooMany),
                (.openMany([channel, channel], TokenAmount(1)), stage.payer, .channelExists),
                (.topUp(channel.id, TokenAmount(1)), stage.payer, .channelUnknown),
                (.claim(channel, stage.voucher(channel, 1)), stage.payer, .channelUnknown),
                (.startClose(channel), stage.payer, .channelUnknown),
                (.finishClose(channel), stage.payer, .channelUnknown),
                (.farmerClose(channel), stage.farmer, .channelUnknown),
                (.farmerClose(channel), stage.payer, .notAllowed),
                (.claimMany([]), stage.payer, .tooMany),
            ]
            for (operation, signer, error) in tries {
                await #expect(throws: error) { try await stage.channel(operation, by: signer) }
            }
            #expect(try await stage.units(stage.payer) == SettlementStage.startUnits)
            try await stage.channel(.open(channel, TokenAmount(5)), by: stage.payer)
            await #expect(throws: SettlementError.amountZero) {
                try await stage.channel(.topUp(channel.id, .zero), by: stage.payer)
            }
        }
    }
}
