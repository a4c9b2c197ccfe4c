import Contracts

extension SettlementOperation {
    /// Gas the operation uses, about: what was measured, a little rounded up.
    ///
    /// - Source: economy design §9.
    var gas: UInt64 {
        switch self {
        case .mint, .transfer: 52_000
        case .burn: 36_000
        case .channel(let operation): operation.gas
        case .payout(let operation): operation.gas
        case .agreement(let operation): operation.gas
        }
    }
}

extension ChannelOperation {
    fileprivate var gas: UInt64 {
        switch self {
        case .open: 86_000
        case .openMany(let channels, _): 60_000 + 28_200 * UInt64(channels.count)
        case .topUp: 50_000
        case .claim: 70_000
        case .claimMany(let claims): 30_000 + 41_200 * UInt64(claims.count)
        case .startClose: 30_000
        case .finishClose, .farmerClose: 45_000
        }
    }
}

extension PayoutOperation {
    fileprivate var gas: UInt64 {
        switch self {
        case .fund: 70_000
        case .anchor: 92_000
        case .claim: 82_000
        case .claimMany(let claims): 30_000 + 47_800 * UInt64(claims.count)
        }
    }
}

extension AgreementOperation {
    fileprivate var gas: UInt64 {
        switch self {
        case .open: 107_000
        case .arm, .seal: 48_000
        case .prove: 365_000
        case .settle: 60_000
        case .reclaim: 80_000
        case .finish: 32_000
        case .withdraw: 37_000
        }
    }
}
