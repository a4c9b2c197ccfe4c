package import Ethereum
import Heartbeats

extension AgreementOperation {
    var rlp: RLP {
        switch self {
        case .open(let terms, let farmer): .tagged(48, terms.rlp, .signature(farmer))
        case .arm(let epoch): .tagged(49, epoch.rlp)
        case .seal(let epoch): .tagged(50, epoch.rlp)
        case .prove(let terms, let period, let proof): .tagged(51, terms.rlp, period.rlp, proof.rlp)
        case .settle(let terms, let receipt, let signature):
            .tagged(52, terms.rlp, receipt.rlp, .signature(signature))
        case .reclaim(let terms): .tagged(53, terms.rlp)
        case .finish(let terms): .tagged(54, terms.rlp)
        case .withdraw: .tagged(55)
        }
    }

    init(_ item: TaggedRLP) throws(EthereumError) {
        switch item.tag {
        case 48:
            var fields = try item.fields(2)
            self = .open(try fields.next(), farmer: try fields.signature())
        case 49, 50:
            var fields = try item.fields(1)
            let epoch = try fields.next(UInt64.self)
            self = item.tag == 49 ? .arm(epoch: epoch) : .seal(epoch: epoch)
        case 51:
            var fields = try item.fields(3)
            self = .prove(try fields.next(), period: try fields.next(), try fields.next())
        case 52:
            var fields = try item.fields(3)
            self = .settle(try fields.next(), try fields.next(), try fields.signature())
        case 53, 54:
            var fields = try item.fields(1)
            let terms = try fields.next(AgreementTerms.self)
            self = item.tag == 53 ? .reclaim(terms) : .finish(terms)
        case 55:
            _ = try item.fields(0)
            self = .withdraw
        default: throw item.unknown
        }
    }
}

extension PossessionProof: RLPValue {
    /// The bytes of a heartbeat's answer with one sample.
    package var rlp: RLP { .bytes(HeartbeatProof(samples: [sample]).encoded) }

    package init(rlp: RLP) throws(EthereumError) {
        let bytes = try rlp.asBytes()
        guard let samples = try? HeartbeatProof(encoded: bytes).samples, let sample = samples.first, samples.count == 1
        else { throw .malformed("proof") }
        self.init(sample: sample)
    }
}

extension AgreementState: RLPValue {
    package var rlp: RLP { .list([paid.rlp, missed.rlp, escrow.rlp, collateral.rlp, isFinished.rlp]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "agreement state", count: 5)
        let paid: PeriodSet = try fields.next()
        let missed: PeriodSet = try fields.next()
        self.init(escrow: try fields.next(), collateral: try fields.next())
        self.paid = paid
        self.missed = missed
        isFinished = try fields.next()
    }
}

extension BeaconState: RLPValue {
    package var rlp: RLP { .list([target.rlp, seed.rlp]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "beacon", count: 2)
        self.init(target: try fields.next(), seed: try fields.next())
    }
}
