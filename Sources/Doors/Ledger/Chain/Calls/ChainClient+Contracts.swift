import Contracts
import Ethereum
import StorageModel

extension ChainClient {
    /// Asks a view of a contract.
    func view(
        _ contract: Address, _ function: ABISignature, _ arguments: [ABIValue], _ types: [ABIType],
        at block: BlockTag = .latest
    ) async throws -> [ABIValue] {
        let data = try await call(contract, function.call(arguments), at: block)
        do { return try ABIValue.decode(types, from: data) } catch {
            // An address without code answers everything with nothing.
            if data.isEmpty { throw LedgerError.wrongCode(contract) }
            throw LedgerError.malformed("answer of \(contract): \(error)")
        }
    }

    func balance(of owner: Address, _ contracts: ContractAddresses) async throws -> TokenAmount {
        try await view(contracts.token, TokenABI.balanceOf, [.address(owner)], [.uint(256)])[0].amount()
    }

    /// What a contract may take of an owner's money; more than an amount can be counts as the largest one.
    func allowance(of owner: Address, for spender: Address, _ contracts: ContractAddresses) async throws -> TokenAmount {
        let values = try await view(
            contracts.token, TokenABI.allowance, [.address(owner), .address(spender)], [.uint(256)])
        return TokenAmount(try values[0].number().uint64 ?? .max)
    }

    func channel(_ id: Bytes32, _ contracts: ContractAddresses) async throws -> ChannelState? {
        let values = try await view(
            contracts.channels, ContractABI.Channels.state, [.word(id)], [.uint(256), .uint(256), .uint(256), .bool])
        let funded = try values[0].amount()
        guard funded > .zero else { return nil }
        let closesAt = try values[2].small()
        var state = ChannelState(funded: funded)
        state.claimed = try values[1].amount()
        state.closesAt = closesAt == 0 ? nil : closesAt
        state.isClosed = try values[3].flag()
        return state
    }

    func agreement(_ id: Bytes32, _ contracts: ContractAddresses) async throws -> AgreementState? {
        let values = try await view(
            contracts.agreements, ContractABI.Agreements.state, [.word(id)],
            [.bool, .bool, .uint(256), .uint(256), .uint(256), .uint(256)])
        guard try values[0].flag() else { return nil }
        var state = AgreementState(escrow: try values[4].amount(), collateral: try values[5].amount())
        state.isFinished = try values[1].flag()
        state.paid = PeriodSet(mask: try values[2].number())
        state.missed = PeriodSet(mask: try values[3].number())
        return state
    }

    func beacon(epoch: UInt64, _ contracts: ContractAddresses) async throws -> BeaconState? {
        let values = try await view(
            contracts.agreements, ContractABI.Agreements.beacon, [.uint(epoch)], [.uint(256), .fixedBytes(32)])
        let target = try values[0].small()
        guard target > 0 else { return nil }
        let seed = try values[1].word()
        return BeaconState(target: target, seed: seed == Bytes32() ? nil : seed)
    }

    func payout(of satellite: Address, _ contracts: ContractAddresses) async throws -> PayoutState? {
        let values = try await view(
            contracts.payouts, ContractABI.Payouts.state, [.address(satellite)],
            [.uint(256), .bool, .uint(256), .fixedBytes(32), .fixedBytes(32), .uint(256), .uint(256)])
        var state = PayoutState()
        state.pool = try values[0].amount()
        if try values[1].flag() {
            state.anchor = PayoutAnchor(
                period: try values[2].small(), payoutRoot: try values[3].word(), reportRoot: try values[4].word(),
                total: try values[5].amount(), farmerCount: try values[6].small())
        }
        return state == PayoutState() ? nil : state
    }

    func paid(to farmer: Address, by satellite: Address, _ contracts: ContractAddresses) async throws -> TokenAmount {
        try await view(
            contracts.payouts, ContractABI.Payouts.paidTo, [.address(satellite), .address(farmer)], [.uint(256)])[0].amount()
    }

    func credit(of farmer: Address, _ contracts: ContractAddresses) async throws -> TokenAmount {
        try await view(contracts.agreements, ContractABI.Agreements.credit, [.address(farmer)], [.uint(256)])[0].amount()
    }
}
