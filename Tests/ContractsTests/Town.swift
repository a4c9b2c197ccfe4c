import Blake3
import Contracts
import Ethereum
import Heartbeats
import StorageModel
import TestSupport
import Testing

/// A ledger with people on it, a clock, and blocks whose hashes are made up.
struct Town {
    var ledger: SettlementState
    var time = LedgerTime(seconds: 1_800_000_000, height: 1000)
    let payer: PrivateKey
    let farmer: PrivateKey
    let other: PrivateKey
    let operatorKey: PrivateKey

    init(seed: UInt64 = 1) throws {
        let random = RandomSource.seeded(seed)
        payer = .generate(random: random)
        farmer = .generate(random: random)
        other = .generate(random: random)
        operatorKey = .generate(random: random)
        let contracts = try (1...3).map { try Address(String(repeating: "0\($0)", count: 20)) }
        ledger = SettlementState(
            domains: SettlementDomains(
                chainID: 0, channels: contracts[0], agreements: contracts[1], payouts: contracts[2]),
            operatorAddress: operatorKey.address)
        for key in [payer, farmer, other] {
            _ = try ledger.apply(.mint(to: key.address, TokenAmount(1_000_000)), by: operatorKey.address, at: time)
        }
    }

    mutating func act(_ operation: SettlementOperation, by key: PrivateKey) throws(SettlementError) -> [SettlementEvent] {
        try ledger.apply(operation, by: key.address, at: time)
    }

    mutating func channel(_ operation: ChannelOperation, by key: PrivateKey) throws(SettlementError) -> [SettlementEvent] {
        try act(.channel(operation), by: key)
    }

    mutating func wait(seconds: UInt64, blocks: UInt64 = 0) {
        time.seconds += seconds
        for _ in 0..<blocks {
            time.hashes[time.height] = Keccak256.hash(UInt256(time.height).bytes32.bytes)
            time.height += 1
        }
    }

    func balance(_ key: PrivateKey) -> UInt64 { (ledger.balances[key.address] ?? .zero).units }

    func makeChannel(salt: UInt64 = 0, challenge: UInt64 = 86400) -> Channel {
        Channel(
            payer: payer.address, farmer: farmer.address, signer: payer.address, challenge: challenge,
            salt: UInt256(salt).bytes32)
    }

    func voucher(_ channel: Channel, _ cumulative: UInt64, by key: PrivateKey? = nil) -> SignedVoucher {
        Voucher(channel: channel.id, cumulative: TokenAmount(cumulative), period: 1, statement: Bytes32())
            .signed(by: key ?? payer, in: ledger.domains.channels)
    }

    /// Books that do not agree with what was minted are broken.
    func checkBooks() { #expect(ledger.total == ledger.minted) }
}
