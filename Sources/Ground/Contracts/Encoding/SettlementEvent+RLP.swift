package import Ethereum
import StorageModel

/// The one encoding of an event: a list of its number and its fields, in the order of the case.
extension SettlementEvent: RLPValue {
    package var rlp: RLP {
        switch self {
        case .transferred(let giver, let receiver, let amount): .tagged(0, giver.rlp, receiver.rlp, amount.rlp)
        case .opened(let id, let channel, let amount): .tagged(16, id.rlp, channel.rlp, amount.rlp)
        case .toppedUp(let id, let amount, let funded): .tagged(17, id.rlp, amount.rlp, funded.rlp)
        case .claimed(let id, let farmer, let cumulative, let paid, let period, let statement):
            .tagged(18, id.rlp, farmer.rlp, cumulative.rlp, paid.rlp, period.rlp, statement.rlp)
        case .closing(let id, let closesAt): .tagged(19, id.rlp, closesAt.rlp)
        case .closed(let id, let refunded): .tagged(20, id.rlp, refunded.rlp)
        case .funded(let satellite, let amount, let pool): .tagged(32, satellite.rlp, amount.rlp, pool.rlp)
        case .anchored(let satellite, let anchor): .tagged(33, satellite.rlp, anchor.rlp)
        case .paid(let satellite, let farmer, let cumulative, let amount):
            .tagged(34, satellite.rlp, farmer.rlp, cumulative.rlp, amount.rlp)
        case .agreementOpened(let id, let payer, let farmer): .tagged(48, id.rlp, payer.rlp, farmer.rlp)
        case .beaconArmed(let epoch, let target): .tagged(49, epoch.rlp, target.rlp)
        case .beaconSealed(let epoch, let seed): .tagged(50, epoch.rlp, seed.rlp)
        case .proven(let id, let farmer, let period, let target, let piece):
            .tagged(51, id.rlp, farmer.rlp, period.rlp, target.rlp, piece.rlp)
        case .settled(let id, let periods, let amount): .tagged(52, id.rlp, periods.rlp, amount.rlp)
        case .missed(let id, let periods, let refund, let slashed):
            .tagged(53, id.rlp, periods.rlp, refund.rlp, slashed.rlp)
        case .finished(let id): .tagged(54, id.rlp)
        }
    }

    package init(rlp: RLP) throws(EthereumError) {
        let item = try TaggedRLP(rlp, of: "event")
        switch item.tag {
        case 0:
            var fields = try item.fields(3)
            self = .transferred(from: try fields.next(), to: try fields.next(), amount: try fields.next())
        case 16..<32: self = try Self.channelEvent(item)
        case 32..<48: self = try Self.payoutEvent(item)
        case 48..<64: self = try Self.agreementEvent(item)
        default: throw item.unknown
        }
    }

    private static func channelEvent(_ item: TaggedRLP) throws(EthereumError) -> SettlementEvent {
        switch item.tag {
        case 16:
            var fields = try item.fields(3)
            return .opened(id: try fields.next(), channel: try fields.next(), amount: try fields.next())
        case 17:
            var fields = try item.fields(3)
            return .toppedUp(id: try fields.next(), amount: try fields.next(), funded: try fields.next())
        case 18:
            var fields = try item.fields(6)
            return .claimed(
                id: try fields.next(), farmer: try fields.next(), cumulative: try fields.next(), paid: try fields.next(),
                period: try fields.next(), statement: try fields.next())
        case 19:
            var fields = try item.fields(2)
            return .closing(id: try fields.next(), closesAt: try fields.next())
        case 20:
            var fields = try item.fields(2)
            return .closed(id: try fields.next(), refunded: try fields.next())
        default: throw item.unknown
        }
    }

    private static func payoutEvent(_ item: TaggedRLP) throws(EthereumError) -> SettlementEvent {
        switch item.tag {
        case 32:
            var fields = try item.fields(3)
            return .funded(satellite: try fields.next(), amount: try fields.next(), pool: try fields.next())
        case 33:
            var fields = try item.fields(2)
            return .anchored(satellite: try fields.next(), try fields.next())
        case 34:
            var fields = try item.fields(4)
            return .paid(
                satellite: try fields.next(), farmer: try fields.next(), cumulative: try fields.next(),
                amount: try fields.next())
        default: throw item.unknown
        }
    }

    private static func agreementEvent(_ item: TaggedRLP) throws(EthereumError) -> SettlementEvent {
        switch item.tag {
        case 48:
            var fields = try item.fields(3)
            return .agreementOpened(id: try fields.next(), payer: try fields.next(), farmer: try fields.next())
        case 49:
            var fields = try item.fields(2)
            return .beaconArmed(epoch: try fields.next(), target: try fields.next())
        case 50:
            var fields = try item.fields(2)
            return .beaconSealed(epoch: try fields.next(), seed: try fields.next())
        case 51:
            var fields = try item.fields(5)
            return .proven(
                id: try fields.next(), farmer: try fields.next(), period: try fields.next(), target: try fields.next(),
                pieceID: try fields.next())
        case 52:
            var fields = try item.fields(3)
            return .settled(id: try fields.next(), periods: try fields.next(), amount: try fields.next())
        case 53:
            var fields = try item.fields(4)
            return .missed(
                id: try fields.next(), periods: try fields.next(), refund: try fields.next(),
                slashed: try fields.next())
        case 54:
            var fields = try item.fields(1)
            return .finished(id: try fields.next())
        default: throw item.unknown
        }
    }
}
