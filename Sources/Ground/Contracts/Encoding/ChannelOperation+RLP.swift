package import Ethereum

extension ChannelOperation {
    var rlp: RLP {
        switch self {
        case .open(let channel, let amount): .tagged(16, channel.rlp, amount.rlp)
        case .openMany(let channels, let amount): .tagged(17, channels.rlp, amount.rlp)
        case .topUp(let id, let amount): .tagged(18, id.rlp, amount.rlp)
        case .claim(let channel, let voucher): .tagged(19, channel.rlp, voucher.rlp)
        case .claimMany(let claims): .tagged(20, claims.rlp)
        case .startClose(let channel): .tagged(21, channel.rlp)
        case .finishClose(let channel): .tagged(22, channel.rlp)
        case .farmerClose(let channel): .tagged(23, channel.rlp)
        }
    }

    init(_ item: TaggedRLP) throws(EthereumError) {
        switch item.tag {
        case 16:
            var fields = try item.fields(2)
            self = .open(try fields.next(), try fields.next())
        case 17:
            var fields = try item.fields(2)
            self = .openMany(try fields.next(), try fields.next())
        case 18:
            var fields = try item.fields(2)
            self = .topUp(try fields.next(), try fields.next())
        case 19:
            var fields = try item.fields(2)
            self = .claim(try fields.next(), try fields.next())
        case 20:
            var fields = try item.fields(1)
            self = .claimMany(try fields.next())
        case 21...23:
            var fields = try item.fields(1)
            let channel = try fields.next(Channel.self)
            self = item.tag == 21 ? .startClose(channel) : item.tag == 22 ? .finishClose(channel) : .farmerClose(channel)
        default: throw item.unknown
        }
    }
}

extension ChannelOperation.Claim: RLPValue {
    package var rlp: RLP { .list([channel.rlp, voucher.rlp]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "claim", count: 2)
        self.init(channel: try fields.next(), voucher: try fields.next())
    }
}
