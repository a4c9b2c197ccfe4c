package import Ethereum

extension Channel: RLPValue {
    package var rlp: RLP { .list([payer.rlp, farmer.rlp, signer.rlp, challenge.rlp, salt.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "channel", count: 5)
        self.init(
            payer: try fields.next(), farmer: try fields.next(), signer: try fields.next(),
            challenge: try fields.next(), salt: try fields.next())
    }
}

extension SignedVoucher: RLPValue {
    package var rlp: RLP {
        .list([
            voucher.channel.rlp, voucher.cumulative.rlp, voucher.period.rlp, voucher.statement.rlp, .signature(signature),
        ])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "voucher", count: 5)
        let voucher = Voucher(
            channel: try fields.next(), cumulative: try fields.next(), period: try fields.next(),
            statement: try fields.next())
        self.init(voucher: voucher, signature: try fields.signature())
    }
}

extension AgreementTerms: RLPValue {
    package var rlp: RLP {
        .list([
            payer.rlp, farmer.rlp, signer.rlp, root.rlp, chunkCount.rlp, start.rlp, period.rlp, periodCount.rlp, price.rlp,
            window.rlp, grace.rlp, collateral.rlp, penalty.rlp, salt.rlp,
        ])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "terms", count: 14)
        self.init(
            payer: try fields.next(), farmer: try fields.next(), signer: try fields.next(), root: try fields.next(),
            chunkCount: try fields.next(), start: try fields.next(), period: try fields.next(),
            periodCount: try fields.next(), price: try fields.next(), window: try fields.next(),
            grace: try fields.next(), collateral: try fields.next(), penalty: try fields.next(), salt: try fields.next())
    }
}

extension PeriodSet: RLPValue {
    package var rlp: RLP { mask.rlp }
    package init(rlp: RLP) throws(EthereumError) { self.init(mask: try UInt256(rlp: rlp)) }
}

extension Receipt: RLPValue {
    package var rlp: RLP { .list([agreement.rlp, periods.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "receipt", count: 2)
        self.init(agreement: try fields.next(), periods: try fields.next())
    }
}

extension PayoutAnchor: RLPValue {
    package var rlp: RLP { .list([period.rlp, payoutRoot.rlp, reportRoot.rlp, total.rlp, farmerCount.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "anchor", count: 5)
        self.init(
            period: try fields.next(), payoutRoot: try fields.next(), reportRoot: try fields.next(),
            total: try fields.next(), farmerCount: try fields.next())
    }
}

extension PayoutClaim: RLPValue {
    package var rlp: RLP { .list([satellite.rlp, farmer.rlp, cumulative.rlp, path.rlp]) }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "claim", count: 4)
        self.init(
            satellite: try fields.next(), farmer: try fields.next(), cumulative: try fields.next(),
            path: try fields.next())
    }
}
