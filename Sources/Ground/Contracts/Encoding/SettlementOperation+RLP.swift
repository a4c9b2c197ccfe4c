package import Ethereum
import StorageModel

/// The one encoding of an operation: a list of its number and its fields. Numbers below 16 are of money, below 32 of
/// channels, below 48 of payouts, below 64 of agreements; a number never changes its meaning.
extension SettlementOperation: RLPValue {
    package var rlp: RLP {
        switch self {
        case .mint(let owner, let amount): .tagged(0, owner.rlp, amount.rlp)
        case .burn(let amount): .tagged(1, amount.rlp)
        case .transfer(let receiver, let amount): .tagged(2, receiver.rlp, amount.rlp)
        case .channel(let operation): operation.rlp
        case .payout(let operation): operation.rlp
        case .agreement(let operation): operation.rlp
        }
    }

    package init(rlp: RLP) throws(EthereumError) {
        let item = try TaggedRLP(rlp, of: "operation")
        switch item.tag {
        case 0:
            var fields = try item.fields(2)
            self = .mint(to: try fields.next(), try fields.next())
        case 1:
            var fields = try item.fields(1)
            self = .burn(try fields.next())
        case 2:
            var fields = try item.fields(2)
            self = .transfer(to: try fields.next(), try fields.next())
        case 16..<32: self = .channel(try ChannelOperation(item))
        case 32..<48: self = .payout(try PayoutOperation(item))
        case 48..<64: self = .agreement(try AgreementOperation(item))
        default: throw item.unknown
        }
    }
}
