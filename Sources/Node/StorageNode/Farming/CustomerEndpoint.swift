package import DRPC
import Contracts
import Ethereum
import Foundation
import Identity
import Ledger
import PieceStore
import StorageModel
import WireMessages

/// Tells anyone what the node asks of customers without a satellite, and takes those who show that they can pay.
package struct CustomerEndpoint: Sendable {
    private let customers: Customers

    /// An endpoint over the accounts.
    package init(_ customers: Customers) {
        self.customers = customers
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(FarmerMethods.offer) { _, _ in try await offer() }
        router.unary(FarmerMethods.hire) { request, context in
            guard let peer = context.peer else {
                throw RPCStatusError(.unauthenticated, "a customer needs an identity")
            }
            return try await hire(request, peer)
        }
    }

    private var parts: Customers.Parts { customers.parts }

    private func offer() async throws -> Market_OfferResponse {
        var answer = Market_OfferResponse()
        answer.ledger = Data(parts.backend.description.domains.agreements.separator.bytes)
        guard let sheet = parts.sheet(customers.seconds), customers.settings.isOn else { return answer }
        answer.binding = Data(try await parts.binding().encoded)
        answer.priceSheet = Data(sheet.encoded)
        answer.freeSpace = max(0, parts.freeSpace())
        answer.takesCustomers = true
        answer.leastPeriods = customers.settings.leastPeriods
        return answer
    }

    private func hire(_ request: Market_HireRequest, _ peer: PeerIdentity) async throws -> Market_HireResponse {
        var answer = Market_HireResponse()
        do {
            try await take(request, peer)
            answer.accepted = true
        } catch let refusal as CustomerRefusal {
            answer.refusal = refusal.description
        } catch let refusal as MessageRefusal {
            answer.refusal = "\(refusal)"
        } catch let error as EthereumError {
            answer.refusal = "\(error)"
        }
        guard let account = customers.account(peer.id) else { return answer }
        answer.voucher = Data(account.voucher ?? [])
        answer.owed = account.owed
        if answer.accepted {
            let held = UInt64(clamping: max(0, parts.store.usage(of: peer.id).contentBytes))
            let secured = try await customers.securedBytes(account)
            answer.space = min(max(0, parts.freeSpace()), Int64(clamping: secured > held ? secured - held : 0))
        }
        return answer
    }

    private func take(_ request: Market_HireRequest, _ peer: PeerIdentity) async throws {
        guard customers.settings.isOn else { throw CustomerRefusal.noCustomers }
        let binding = try SignedWalletBinding(encoded: Array(request.binding))
        try binding.verify(node: peer, now: customers.seconds)
        // Anybody could name somebody else's wallet, and have its channel count for himself.
        guard binding.walletSignature != nil else { throw CustomerRefusal.noWalletSignature }
        let channel = try Channel(encoded: Array(request.channel))
        let farmer = try await parts.binding().binding.wallet
        guard channel.payer == binding.binding.wallet, channel.signer == binding.binding.signer else {
            throw CustomerRefusal.otherPayer
        }
        guard channel.farmer == farmer else { throw CustomerRefusal.otherFarmer }
        guard channel.challenge >= customers.settings.minimumChallenge else { throw CustomerRefusal.shortChallenge }
        let known = customers.account(peer.id)
        guard known != nil || customers.count < customers.settings.maximumCount else { throw CustomerRefusal.tooMany }
        guard let state = try await parts.backend.channel(channel.id), !state.isClosed else {
            throw CustomerRefusal.noChannel
        }
        if let known, let last = try? SignedWalletBinding(encoded: known.binding),
            last.binding.sequence > binding.binding.sequence
        {
            throw MessageRefusal.old(known: last.binding.sequence)
        }
        if let known, let old = try? Channel(encoded: known.channel), old.id != channel.id, known.owed > 0 {
            throw CustomerRefusal.unpaid(TokenAmount(known.owed))
        }
        let voucher = try voucher(Array(request.voucher), channel, state, known)
        try await keep(peer, binding, channel, state, voucher)
        if let voucher { try await parts.taken(voucher, channel, peer.id) }
    }

    /// The voucher of a request, when it is newer than what is known.
    private func voucher(
        _ bytes: [UInt8], _ channel: Channel, _ state: ChannelState, _ known: CustomerAccount?
    ) throws -> SignedVoucher? {
        guard !bytes.isEmpty else { return nil }
        let voucher = try SignedVoucher(encoded: bytes)
        let signer = try? voucher.signer(in: parts.backend.description.domains.channels)
        guard voucher.voucher.channel == channel.id, signer == channel.signer else { throw CustomerRefusal.forgedVoucher }
        guard voucher.voucher.cumulative <= state.funded else { throw CustomerRefusal.uncovered(state.funded) }
        let isSame = (try? known.map { try Channel(encoded: $0.channel) })??.id == channel.id
        // An old one again is no offence: the customer's books may be older than ours.
        return !isSame || voucher.voucher.cumulative.units > known?.vouchered ?? 0 ? voucher : nil
    }

    private func keep(
        _ peer: PeerIdentity, _ binding: SignedWalletBinding, _ channel: Channel, _ state: ChannelState,
        _ voucher: SignedVoucher?
    ) async throws {
        let now = parts.clock.now().seconds
        let isClosing = state.closesAt != nil
        let (price, pay) = try await price()
        try await customers.save(peer.id) { account in
            var next = CustomerAccount(
                certificates: peer.concatenated, binding: binding.encoded, channel: channel.encoded,
                funded: state.funded.units, checkedAt: now, isClosing: isClosing)
            if let known = account, known.channel == next.channel {
                (next.voucher, next.vouchered, next.cost) = (known.voucher, known.vouchered, known.cost)
                (next.unpricedBytes, next.unpaidBytes) = (known.unpricedBytes, known.unpaidBytes)
            }
            if let pay, next.unpricedBytes > 0 {
                // Rounded up to the least amount, or many small transfers would be free.
                let cost = pay.earned(.egress, price: price, bytes: next.unpricedBytes, seconds: 0)?.units ?? .max
                next.cost = next.cost.addingReportingOverflow(max(cost, price > 0 ? 1 : 0)).partialValue
                next.unpricedBytes = 0
            }
            if let voucher {
                next.voucher = voucher.encoded
                next.vouchered = voucher.voucher.cumulative.units
            }
            if next.owed == 0, next.unpricedBytes == 0 { next.unpaidBytes = 0 }
            account = next
        }
        parts.trust.admit(peer)
    }

    private func price() async throws -> (UInt64, Pay?) {
        guard let sheet = parts.sheet(customers.seconds) else { return (0, nil) }
        return (sheet.sheet.price(of: .egress), try await customers.pay(sheet))
    }
}

/// Why a customer is not taken.
enum CustomerRefusal: Error, Hashable, CustomStringConvertible {
    case noCustomers
    case noWalletSignature
    case otherPayer
    case otherFarmer
    case shortChallenge
    case tooMany
    case noChannel
    case unpaid(TokenAmount)
    case forgedVoucher
    case uncovered(TokenAmount)

    var description: String {
        switch self {
        case .noCustomers: "this node takes no customers without a satellite"
        case .noWalletSignature: "the wallet has not signed the binding"
        case .otherPayer: "the channel is not paid by the binding's wallet, or its vouchers are signed by another key"
        case .otherFarmer: "the channel pays somebody else"
        case .shortChallenge: "the channel can be closed too quickly"
        case .tooMany: "this node has too many customers"
        case .noChannel: "the ledger has no such open channel"
        case .unpaid(let amount): "\(amount) STORJ of traffic are not paid from the former channel"
        case .forgedVoucher: "the voucher is not signed by the channel's signer on this ledger"
        case .uncovered(let funded): "the voucher promises more than the \(funded) STORJ in the channel"
        }
    }
}
