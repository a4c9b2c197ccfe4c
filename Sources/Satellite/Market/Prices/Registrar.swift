import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import Overlay
import StorageModel
import Upkeep
import WireMessages

/// Takes wallets and prices from nodes.
struct Registrar: Sendable {
    /// Bytes of a message inside a registration at most.
    private static let maximumMessageSize = 64 << 10

    let parts: UpkeepParts
    let settings: PaymentSettings
    let channels: ChannelKeeper
    /// Told of a node that has named a new price.
    let priceChanged: @Sendable (NodeID) async throws -> Void

    func register(in router: inout RPCRouter) {
        router.unary(MarketMethods.register) { request, context in
            guard let peer = context.peer else {
                throw RPCStatusError(.unauthenticated, "a node shows its identity")
            }
            return try await register(request, of: peer)
        }
    }

    /// Takes a registration, or refuses it with the reason; then everything stays as it was.
    func register(_ request: Market_RegisterRequest, of peer: PeerIdentity) async throws -> Market_RegisterResponse {
        guard parts.overlay.record(of: peer.id) != nil else {
            throw RPCStatusError(.failedPrecondition, "the node has not checked in yet")
        }
        var refusal: MessageRefusal?
        do {
            let isNew = try await take(try Message(request, limit: Self.maximumMessageSize), of: peer)
            if isNew { try await priceChanged(peer.id) }
            if !request.voucher.isEmpty { try await channels.adopt(Array(request.voucher), from: peer.id) }
        } catch let error as MessageRefusal {
            refusal = error
            parts.logger.warning(
                "farmer's registration refused", metadata: ["node": "\(peer.id)", "reason": "\(error)"])
        }
        return try await answer(peer.id, refusal)
    }

    /// - Returns: whether it came with a sheet that was not known.
    /// - Throws: `MessageRefusal`, `DatabaseError`.
    private func take(_ message: Message, of peer: PeerIdentity) async throws -> Bool {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let notice = settings.noticeSeconds
        try message.binding.verify(node: peer, now: now)
        try message.sheet?.verify(message.binding.binding, now: now)
        return try await parts.database.write { session in
            var farmer = try FarmerRecord.fetch(peer.id, in: session)
            try Self.bind(message.binding, to: &farmer)
            try farmer?.save(in: session)
            guard let sheet = message.sheet else { return false }
            let book = try SheetBook.fetch(peer.id, in: session)
            guard try book.isNew(sheet) else { return false }
            let from = book.countsFrom(sheet.sheet, now: now, notice: notice)
            try SheetBook.save(KnownSheet(signed: sheet, countsFrom: from), receivedAt: now, in: session)
            return true
        }
    }

    private static func bind(_ signed: SignedWalletBinding, to farmer: inout FarmerRecord?) throws(MessageRefusal) {
        let binding = signed.binding
        if let known = farmer?.binding?.binding {
            guard binding.sequence >= known.sequence else { throw .old(known: known.sequence) }
            guard binding.sequence > known.sequence || binding == known else {
                throw .contradicting(sequence: binding.sequence)
            }
        }
        var bound = farmer ?? FarmerRecord(node: binding.node, wallet: binding.wallet)
        // Another wallet is paid by another channel; the old one is closed when its vouchers are claimed.
        if bound.wallet != binding.wallet { bound.channel = nil }
        bound.wallet = binding.wallet
        bound.signer = binding.signer
        bound.binding = signed
        farmer = bound
    }

    private func answer(_ node: NodeID, _ refusal: MessageRefusal?) async throws -> Market_RegisterResponse {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let (farmer, book) = try await parts.database.read { session in
            (try FarmerRecord.fetch(node, in: session), try SheetBook.fetch(node, in: session))
        }
        var response = Market_RegisterResponse()
        response.refusal = refusal?.description ?? ""
        // What is announced is what will count: the newest sheet, and from when.
        if let sheet = book.sheets.last ?? book.inForce(at: now) {
            response.sheetSequence = sheet.signed.sheet.sequence
            response.sheetFrom = sheet.countsFrom
        }
        guard let farmer, farmer.binding != nil else { return response }
        response.payment = .root
        // A channel that is not open yet, or no more, pays nobody.
        if let channel = try await channels.current(of: node), channel.state.takesVouchers {
            response.payment = .channel
            response.channel = Data(channel.channel.encoded)
            response.voucher = Data(channel.voucher?.encoded ?? [])
        }
        return response
    }
}

/// What a node says of itself, parsed and unchecked.
private struct Message: Sendable {
    let binding: SignedWalletBinding
    let sheet: SignedPriceSheet?

    init(_ request: Market_RegisterRequest, limit: Int) throws(MessageRefusal) {
        guard request.binding.count <= limit, request.priceSheet.count <= limit, request.voucher.count <= limit else {
            throw .malformed("a message is too long")
        }
        do throws(EthereumError) {
            binding = try SignedWalletBinding(encoded: request.binding)
            sheet = request.priceSheet.isEmpty ? nil : try SignedPriceSheet(encoded: request.priceSheet)
        } catch { throw .malformed("\(error)") }
        // The books count in 63 bits.
        guard binding.binding.sequence <= Int64.max, sheet.map({ $0.sheet.sequence <= Int64.max }) ?? true else {
            throw .malformed("a sequence is above 2⁶³")
        }
    }
}
