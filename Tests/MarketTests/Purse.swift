import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import StorageModel
import Synchronization
import WireMessages

/// The money side of a farmer's node: names a wallet and prices, checks statements, keeps vouchers.
final class Purse: Sendable {
    private struct State {
        var taken: [SignedStatement] = []
        var offered: [SignedStatement] = []
        var vouchers: [Bytes32: HeldVoucher] = [:]
        var refusal: String?
        var isSilent = false
        var highestQuestions = 0
    }

    let node: NodeIdentity
    let wallet: PrivateKey
    let hot: PrivateKey
    private let state = Mutex(State())

    init(node: NodeIdentity, random: RandomSource) {
        self.node = node
        wallet = .generate(random: random)
        hot = .generate(random: random)
    }

    /// Statements it has taken, in their order.
    var taken: [Statement] { state.withLock { $0.taken.map(\.statement) } }
    /// Every statement that was sent to it, also twice.
    var offered: [SignedStatement] { state.withLock { $0.offered } }
    /// The newest voucher by channel.
    var vouchers: [Bytes32: HeldVoucher] { state.withLock { $0.vouchers } }
    /// How often it was asked for its highest voucher.
    var highestQuestions: Int { state.withLock { $0.highestQuestions } }

    func refuse(_ reason: String?) { state.withLock { $0.refusal = reason } }
    func fallSilent(_ isSilent: Bool) { state.withLock { $0.isSilent = isSilent } }

    func register(in router: inout RPCRouter) {
        router.unary(FarmerMethods.deliver) { request, _ in try self.take(request) }
        router.unary(FarmerMethods.highestVoucher) { request, _ in
            var response = Market_HighestVoucherResponse()
            try self.state.withLock { state in
                guard !state.isSilent else { throw RPCStatusError(.unavailable, "silent") }
                state.highestQuestions += 1
                response.voucher = Data(Bytes32(request.channel).flatMap { state.vouchers[$0] }?.encoded ?? [])
            }
            return response
        }
    }

    private func take(_ request: Market_StatementRequest) throws -> Market_StatementResponse {
        let signed = try SignedStatement(encoded: request.statement)
        let voucher = request.voucher.isEmpty ? nil : try SignedVoucher(encoded: request.voucher)
        var response = Market_StatementResponse()
        try state.withLock { state in
            guard !state.isSilent else { throw RPCStatusError(.unavailable, "silent") }
            state.offered.append(signed)
            if let refusal = state.refusal {
                response.refusal = refusal
            } else if state.taken.last != signed, let objection = signed.statement.objection(after: state.taken.last?.statement) {
                response.refusal = "\(objection)"
            } else if let voucher, voucher.voucher.cumulative < state.vouchers[voucher.voucher.channel]?.voucher.voucher.cumulative ?? .zero {
                response.refusal = "a lower voucher"
            } else {
                response.accepted = true
                if state.taken.last != signed { state.taken.append(signed) }
                if let voucher { state.vouchers[voucher.voucher.channel] = HeldVoucher(voucher: voucher, statement: signed) }
            }
        }
        return response
    }

    // MARK: Registration

    func binding(sequence: UInt64 = 1, validUntil: UInt64 = 4_000_000_000) -> WalletBinding {
        WalletBinding(
            node: node.id, wallet: wallet.address, signer: hot.address, sequence: sequence, validUntil: validUntil)
    }

    func sheet(
        sequence: UInt64 = 1, storage: UInt64 = 1_500_000, egress: UInt64 = 2_000_000,
        denomination: PriceSheet.Denomination = .microUSD, validFrom: UInt64 = 1, validUntil: UInt64 = 4_000_000_000
    ) -> PriceSheet {
        PriceSheet(
            farmer: wallet.address, node: node.id, denomination: denomination, storageTBMonth: storage, egressTB: egress,
            repairTB: egress, auditTB: egress, ingressTB: 0, validFrom: validFrom, validUntil: validUntil,
            sequence: sequence)
    }

    func request(
        _ sheet: PriceSheet? = nil, binding: WalletBinding? = nil, voucher: HeldVoucher? = nil
    ) -> Market_RegisterRequest {
        var request = Market_RegisterRequest()
        request.binding = Data((binding ?? self.binding()).signed(by: node, signer: hot, wallet: wallet).encoded)
        if let sheet { request.priceSheet = Data(sheet.signed(by: hot).encoded) }
        request.voucher = Data(voucher?.encoded ?? [])
        return request
    }
}
