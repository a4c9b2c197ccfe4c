import Contracts
import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct ChannelTests {
    @Test func `vouchers pay what is new, once`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        _ = try town.channel(.open(channel, TokenAmount(1000)), by: town.payer)
        let first = town.voucher(channel, 300)
        let newer = town.voucher(channel, 450)
        let events = try town.channel(.claim(channel, newer), by: town.other)
        #expect(events.contains(.claimed(
            id: channel.id, farmer: town.farmer.address, cumulative: TokenAmount(450), paid: TokenAmount(450), period: 1,
            statement: Bytes32())))
        #expect(town.balance(town.farmer) == 1_000_450)
        for voucher in [first, newer] {
            #expect(throws: SettlementError.nothingToClaim) { try town.channel(.claim(channel, voucher), by: town.farmer) }
        }
        town.checkBooks()
    }

    @Test func `a voucher above the deposit pays what is there, and the rest after a top-up`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        _ = try town.channel(.open(channel, TokenAmount(100)), by: town.payer)
        let voucher = town.voucher(channel, 250)
        _ = try town.channel(.claim(channel, voucher), by: town.farmer)
        #expect(town.balance(town.farmer) == 1_000_100)
        #expect(throws: SettlementError.nothingToClaim) { try town.channel(.claim(channel, voucher), by: town.farmer) }
        _ = try town.channel(.topUp(channel.id, TokenAmount(200)), by: town.other)
        _ = try town.channel(.claim(channel, voucher), by: town.farmer)
        #expect(town.balance(town.farmer) == 1_000_250)
        town.checkBooks()
    }

    @Test func `closing leaves time to claim, to the second`() throws {
        var town = try Town()
        let channel = town.makeChannel(challenge: 3600)
        _ = try town.channel(.open(channel, TokenAmount(1000)), by: town.payer)
        #expect(throws: SettlementError.notClosing) { try town.channel(.finishClose(channel), by: town.payer) }
        #expect(throws: SettlementError.notAllowed) { try town.channel(.startClose(channel), by: town.farmer) }
        _ = try town.channel(.startClose(channel), by: town.payer)
        #expect(throws: SettlementError.channelClosing) { try town.channel(.startClose(channel), by: town.payer) }
        #expect(throws: SettlementError.channelClosing) {
            try town.channel(.topUp(channel.id, TokenAmount(1)), by: town.other)
        }
        town.wait(seconds: 3599)
        #expect(throws: SettlementError.closingTooEarly) { try town.channel(.finishClose(channel), by: town.payer) }
        _ = try town.channel(.claim(channel, town.voucher(channel, 400)), by: town.farmer)
        town.wait(seconds: 1)
        let events = try town.channel(.finishClose(channel), by: town.other)
        #expect(events.last == .closed(id: channel.id, refunded: TokenAmount(600)))
        #expect(town.balance(town.payer) == 999_600)
        #expect(throws: SettlementError.channelClosed) {
            try town.channel(.claim(channel, town.voucher(channel, 500)), by: town.farmer)
        }
        #expect(throws: SettlementError.channelExists) { try town.channel(.open(channel, TokenAmount(1)), by: town.payer) }
        town.checkBooks()
    }

    @Test func `the farmer closes at once`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        _ = try town.channel(.open(channel, TokenAmount(1000)), by: town.payer)
        #expect(throws: SettlementError.notAllowed) { try town.channel(.farmerClose(channel), by: town.payer) }
        _ = try town.channel(.farmerClose(channel), by: town.farmer)
        #expect(town.balance(town.payer) == 1_000_000)
        town.checkBooks()
    }

    @Test func `vouchers of others, for others and from elsewhere are refused`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        let second = town.makeChannel(salt: 1)
        _ = try town.channel(.openMany([channel, second], TokenAmount(1000)), by: town.payer)
        let elsewhere = SigningDomain(
            name: "StorjChannels", version: "1", chainID: 1, contract: town.ledger.domains.channels.contract)
        var altered = town.voucher(channel, 100)
        altered.voucher.cumulative = TokenAmount(101)
        let bad = [
            town.voucher(channel, 100, by: town.farmer), town.voucher(second, 100), altered,
            Voucher(channel: channel.id, cumulative: TokenAmount(100), period: 1, statement: Bytes32())
                .signed(by: town.payer, in: elsewhere),
        ]
        for voucher in bad {
            #expect(throws: SettlementError.badSignature) { try town.channel(.claim(channel, voucher), by: town.farmer) }
        }
        town.checkBooks()
    }

    @Test func `one bad claim of many leaves no trace of the others`() throws {
        var town = try Town()
        let channels = (0..<3).map { town.makeChannel(salt: $0) }
        _ = try town.channel(.openMany(channels, TokenAmount(1000)), by: town.payer)
        let before = town.ledger
        var claims = channels.map { ChannelOperation.Claim(channel: $0, voucher: town.voucher($0, 10)) }
        claims[2].voucher = town.voucher(channels[2], 10, by: town.other)
        #expect(throws: SettlementError.badSignature) { try town.channel(.claimMany(claims), by: town.farmer) }
        #expect(town.ledger == before)
        claims[2].voucher = town.voucher(channels[2], 10)
        let events = try town.channel(.claimMany(claims), by: town.farmer)
        #expect(events.count { if case .transferred = $0 { true } else { false } } == 1)
        #expect(town.balance(town.farmer) == 1_000_030)
    }

    @Test func `bad openings are refused`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        let tries: [(ChannelOperation, PrivateKey, SettlementError)] = [
            (.open(channel, .zero), town.payer, .amountZero), (.open(channel, TokenAmount(1)), town.other, .notAllowed),
            (.open(channel, TokenAmount(1_000_001)), town.payer, .balanceTooLow),
            (.open(town.makeChannel(challenge: 3599), TokenAmount(1)), town.payer, .badTerms),
            (.open(town.makeChannel(challenge: 90 * 86400 + 1), TokenAmount(1)), town.payer, .badTerms),
            (.openMany([], TokenAmount(1)), town.payer, .tooMany),
            (.openMany((0..<65).map { town.makeChannel(salt: $0) }, TokenAmount(1)), town.payer, .tooMany),
            (.openMany([channel, channel], TokenAmount(1)), town.payer, .channelExists),
            (.openMany([channel, town.makeChannel(salt: 1)], TokenAmount(.max)), town.payer, .amountTooLarge),
            (.topUp(channel.id, TokenAmount(1)), town.payer, .channelUnknown),
        ]
        let before = town.ledger
        for (operation, key, error) in tries {
            #expect(throws: error) { try town.channel(operation, by: key) }
            #expect(town.ledger == before)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `whatever people do, the books agree`(seed: UInt64) throws {
        var town = try Town(seed: seed)
        let random = RandomSource.seeded(seed + 100)
        let channels = (0..<4).map { town.makeChannel(salt: $0, challenge: 3600) }
        let keys = [town.payer, town.farmer, town.other]
        var done = 0
        for _ in 0..<300 {
            let channel = channels[Int(random.next() % 4)]
            let key = keys[Int(random.next() % 3)]
            let amount = TokenAmount(random.next() % 20_000)
            let operation: ChannelOperation =
                switch random.next() % 12 {
                case 0...2: .open(channel, amount)
                case 3: .topUp(channel.id, amount)
                case 4...8: .claim(channel, town.voucher(channel, random.next() % 40_000))
                case 9: .startClose(channel)
                case 10: .finishClose(channel)
                default: random.next() % 10 == 0 ? .farmerClose(channel) : .topUp(channel.id, amount)
                }
            town.wait(seconds: random.next() % 1000)
            let before = town.ledger
            do {
                _ = try town.channel(operation, by: key)
                done += 1
            } catch {
                #expect(town.ledger == before)
            }
            town.checkBooks()
        }
        #expect(done > 10)
    }
}
