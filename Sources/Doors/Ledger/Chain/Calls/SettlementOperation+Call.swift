import Blake3
import Contracts
import Ethereum
import Heartbeats
import StorageModel

/// A call of a contract.
struct ContractCall: Hashable, Sendable {
    let contract: Address
    let data: [UInt8]
    /// Money the contract takes from the caller, with the contract's allowance.
    var taken: TokenAmount?
    /// Channels whose vouchers are claimed: no hurry unless one of them closes.
    var claimed: [Bytes32] = []
    /// Whether it can wait for a smaller fee.
    var isPatient = false
    /// Somebody else whose money the contract takes, and how much.
    var takenElsewhere: (owner: Address, amount: TokenAmount)?

    init(_ contract: Address, _ function: ABISignature, _ arguments: [ABIValue], taken: TokenAmount? = nil) {
        self.contract = contract
        self.taken = taken
        data = function.call(arguments)
    }

    static func == (left: ContractCall, right: ContractCall) -> Bool {
        left.contract == right.contract && left.data == right.data
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(contract)
        hasher.combine(data)
    }
}

extension SettlementOperation {
    /// The operation as a call of a contract.
    ///
    /// - Parameter seed: of the beacon that challenges the period a proof is for; nil when it is not drawn.
    /// - Throws: `SettlementError` for what no contract would even read.
    func call(of contracts: ContractAddresses, seed: Bytes32? = nil) throws(SettlementError) -> ContractCall {
        switch self {
        case .mint(let owner, let amount):
            ContractCall(contracts.token, TokenABI.mint, [.address(owner), .uint(amount.units)])
        case .burn(let amount): ContractCall(contracts.token, TokenABI.burn, [.uint(amount.units)])
        case .transfer(let receiver, let amount):
            ContractCall(contracts.token, TokenABI.transfer, [.address(receiver), .uint(amount.units)])
        case .channel(let operation): try operation.call(of: contracts.channels)
        case .payout(let operation): try operation.call(of: contracts.payouts)
        case .agreement(let operation): operation.call(of: contracts.agreements, seed: seed)
        }
    }

    /// The epoch whose beacon a proof needs.
    var neededEpoch: UInt64? {
        guard case .agreement(.prove(let terms, let period, _)) = self, terms.isSound, period < terms.periodCount else {
            return nil
        }
        return terms.epoch(of: period)
    }
}

extension ChannelOperation {
    fileprivate func call(of contract: Address) throws(SettlementError) -> ContractCall {
        switch self {
        case .open(let channel, let amount):
            return ContractCall(contract, ContractABI.Channels.open, [channel.value, .uint(amount.units)], taken: amount)
        case .openMany(let channels, let amount):
            guard channels.count <= Self.maximumCount else { throw .tooMany }
            return ContractCall(
                contract, ContractABI.Channels.openMany, [.array(channels.map(\.value)), .uint(amount.units)],
                taken: amount.multiplied(by: UInt64(channels.count)))
        case .topUp(let id, let amount):
            return ContractCall(contract, ContractABI.Channels.topUp, [.word(id), .uint(amount.units)], taken: amount)
        case .claim(let channel, let voucher):
            let claim = Claim(channel: channel, voucher: voucher)
            guard claim.isForItsChannel else { throw .badSignature }
            var call = ContractCall(contract, ContractABI.Channels.claim, [claim.value])
            call.claimed = [channel.id]
            call.isPatient = true
            return call
        case .claimMany(let claims):
            guard claims.count <= Self.maximumCount else { throw .tooMany }
            guard claims.allSatisfy(\.isForItsChannel) else { throw .badSignature }
            var call = ContractCall(contract, ContractABI.Channels.claimMany, [.array(claims.map(\.value))])
            call.claimed = claims.map(\.channel.id)
            call.isPatient = true
            return call
        case .startClose(let channel): return ContractCall(contract, ContractABI.Channels.startClose, [channel.value])
        case .finishClose(let channel): return ContractCall(contract, ContractABI.Channels.finishClose, [channel.value])
        case .farmerClose(let channel): return ContractCall(contract, ContractABI.Channels.farmerClose, [channel.value])
        }
    }
}

extension ChannelOperation.Claim {
    /// The contract takes the channel once: a voucher for another one cannot even be said.
    fileprivate var isForItsChannel: Bool { voucher.voucher.channel == channel.id }

    fileprivate var value: ABIValue {
        let signed = voucher.voucher
        return .tuple([
            channel.value, .uint(signed.cumulative.units), .uint(UInt64(signed.period)), .word(signed.statement),
            .word(voucher.signature.r), .word(voucher.signature.s), .uint(UInt64(voucher.signature.v)),
        ])
    }
}

extension PayoutOperation {
    fileprivate func call(of contract: Address) throws(SettlementError) -> ContractCall {
        switch self {
        case .fund(let satellite, let amount):
            return ContractCall(
                contract, ContractABI.Payouts.fund, [.address(satellite), .uint(amount.units)], taken: amount)
        case .anchor(let anchor):
            return ContractCall(
                contract, ContractABI.Payouts.anchor,
                [
                    .uint(anchor.period), .word(anchor.payoutRoot), .word(anchor.reportRoot), .uint(anchor.total.units),
                    .uint(anchor.farmerCount),
                ])
        case .claim(let claim): return try Self.call(contract, ContractABI.Payouts.claim, [claim]) { $0[0] }
        case .claimMany(let claims):
            guard claims.count <= ChannelOperation.maximumCount else { throw .tooMany }
            return try Self.call(contract, ContractABI.Payouts.claimMany, claims) { .array($0) }
        }
    }

    private static func call(
        _ contract: Address, _ function: ABISignature, _ claims: [PayoutClaim], _ argument: ([ABIValue]) -> ABIValue
    ) throws(SettlementError) -> ContractCall {
        guard claims.allSatisfy({ $0.path.count <= PayoutClaim.maximumPathLength }) else { throw .badPath }
        let values = claims.map { claim in
            ABIValue.tuple([
                .address(claim.satellite), .address(claim.farmer), .uint(claim.cumulative.units),
                .array(claim.path.map { .word($0) }),
            ])
        }
        var call = ContractCall(contract, function, [argument(values)])
        call.isPatient = true
        return call
    }
}

extension AgreementOperation {
    fileprivate func call(of contract: Address, seed: Bytes32?) -> ContractCall {
        switch self {
        case .open(let terms, let farmer):
            var call = ContractCall(
                contract, ContractABI.Agreements.open, [terms.value] + farmer.values,
                taken: terms.price.multiplied(by: terms.periodCount))
            if terms.collateral > .zero { call.takenElsewhere = (terms.farmer, terms.collateral) }
            return call
        case .arm(let epoch): return ContractCall(contract, ContractABI.Agreements.arm, [.uint(epoch)])
        case .seal(let epoch): return ContractCall(contract, ContractABI.Agreements.seal, [.uint(epoch)])
        case .prove(let terms, let period, let proof):
            return ContractCall(
                contract, ContractABI.Agreements.prove,
                [terms.value, .uint(period), proof.value(chunk: Self.target(terms, period, seed))])
        case .settle(let terms, let receipt, let signature):
            return ContractCall(
                contract, ContractABI.Agreements.settle, [terms.value, .uint(receipt.periods.mask)] + signature.values)
        case .reclaim(let terms): return ContractCall(contract, ContractABI.Agreements.reclaim, [terms.value])
        case .finish(let terms): return ContractCall(contract, ContractABI.Agreements.finish, [terms.value])
        case .withdraw: return ContractCall(contract, ContractABI.Agreements.withdraw, [])
        }
    }

    /// The chunk a period's beacon asks for; without a beacon any will do: it is refused.
    private static func target(_ terms: AgreementTerms, _ period: UInt64, _ seed: Bytes32?) -> UInt64 {
        guard let seed else { return 0 }
        let challenge = Challenge(
            beacon: seed, agreement: terms.id, period: period, total: terms.chunkCount, sampleCount: 1)
        return challenge.chunk(sample: 0) ?? 0
    }
}

extension Signature {
    fileprivate var values: [ABIValue] { [.word(r), .word(s), .uint(UInt64(v))] }
}

extension PossessionProof {
    /// As the contract takes it: which chunk of the piece it is follows from the chunk of the set.
    fileprivate func value(chunk target: UInt64) -> ABIValue {
        let first = sample.path.root(from: sample.piece.leaf)?.firstChunk ?? 0
        let (index, isBefore) = target.subtractingReportingOverflow(first)
        return .tuple([
            .word(sample.piece.id.storage), .uint(UInt64(clamping: sample.piece.size)), .uint(isBefore ? 0 : index),
            .bytes(sample.chunk.chunk), .array(sample.chunk.siblings.map { .word($0) }),
            .array(sample.path.steps.map { .word($0.sibling.hash) }), .array(sample.path.steps.map(\.sideAndSum)),
        ])
    }
}

extension SetPath.Step {
    /// Twice the sum, and one more for a neighbour on the left.
    fileprivate var sideAndSum: ABIValue {
        let doubled = UInt256(sibling.sum) << 1
        return .uint(isLeft ? doubled.addingReportingOverflow(UInt256(1)).value : doubled)
    }
}
