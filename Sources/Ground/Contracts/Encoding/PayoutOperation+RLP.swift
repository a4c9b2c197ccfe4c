package import Ethereum

extension PayoutOperation {
    var rlp: RLP {
        switch self {
        case .fund(let satellite, let amount): .tagged(32, satellite.rlp, amount.rlp)
        case .anchor(let anchor): .tagged(33, anchor.rlp)
        case .claim(let claim): .tagged(34, claim.rlp)
        case .claimMany(let claims): .tagged(35, claims.rlp)
        }
    }

    init(_ item: TaggedRLP) throws(EthereumError) {
        var fields = try item.fields(item.tag == 32 ? 2 : 1)
        switch item.tag {
        case 32: self = .fund(satellite: try fields.next(), try fields.next())
        case 33: self = .anchor(try fields.next())
        case 34: self = .claim(try fields.next())
        case 35: self = .claimMany(try fields.next())
        default: throw item.unknown
        }
    }
}

extension PayoutState: RLPValue {
    package var rlp: RLP { .list([pool.rlp, anchor.rlp]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "payout state", count: 2)
        self.init()
        pool = try fields.next()
        anchor = try fields.next()
    }
}

extension ChannelState: RLPValue {
    package var rlp: RLP { .list([funded.rlp, claimed.rlp, closesAt.rlp, isClosed.rlp]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "channel state", count: 4)
        self.init(funded: try fields.next())
        claimed = try fields.next()
        closesAt = try fields.next()
        isClosed = try fields.next()
    }
}
