import Contracts
import Ethereum
import StorageModel

extension SettlementEvent {
    /// The event as the trace of the contracts writes it.
    var traced: String {
        let words: [any CustomStringConvertible] =
            switch self {
            case .transferred(let from, let to, let amount): ["Transfer", hex(from), hex(to), amount.units]
            case .opened(let id, let channel, let amount):
                [
                    "Opened", hex(id), hex(channel.payer), hex(channel.farmer), hex(channel.signer), channel.challenge,
                    hex(channel.salt), amount.units,
                ]
            case .toppedUp(let id, let amount, let funded): ["ToppedUp", hex(id), amount.units, funded.units]
            case .claimed(let id, let farmer, let cumulative, let paid, let period, let statement):
                ["Claimed", hex(id), hex(farmer), cumulative.units, paid.units, period, hex(statement)]
            case .closing(let id, let end): ["Closing", hex(id), end]
            case .closed(let id, let refunded): ["Closed", hex(id), refunded.units]
            case .funded(let satellite, let amount, let pool): ["Funded", hex(satellite), amount.units, pool.units]
            case .anchored(let satellite, let anchor):
                [
                    "Anchored", hex(satellite), anchor.period, hex(anchor.payoutRoot), hex(anchor.reportRoot),
                    anchor.total.units, anchor.farmerCount,
                ]
            case .paid(let satellite, let farmer, let cumulative, let amount):
                ["Paid", hex(satellite), hex(farmer), cumulative.units, amount.units]
            case .agreementOpened(let id, let payer, let farmer): ["AgreementOpened", hex(id), hex(payer), hex(farmer)]
            case .beaconArmed(let epoch, let target): ["BeaconArmed", epoch, target]
            case .beaconSealed(let epoch, let seed): ["BeaconSealed", epoch, hex(seed)]
            case .proven(let id, let farmer, let period, let target, let piece):
                ["Heartbeat", hex(id), hex(farmer), period, target, hex(piece)]
            case .settled(let id, let periods, let amount): ["Settled", hex(id), hex(periods.mask.bytes32), amount.units]
            case .missed(let id, let periods, let refund, let slashed):
                ["Missed", hex(id), hex(periods.mask.bytes32), refund.units, slashed.units]
            case .finished(let id): ["Finished", hex(id)]
            }
        return "event " + words.map(\.description).joined(separator: " ")
    }

    private func hex(_ hash: Bytes32) -> String { Hexadecimal.encode(hash.bytes) }
    private func hex(_ address: Address) -> String { Hexadecimal.encode(address.bytes) }
}
