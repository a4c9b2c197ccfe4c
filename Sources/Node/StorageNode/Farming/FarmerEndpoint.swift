import Contracts
package import DRPC
import Foundation
import Identity
import Ledger
import Logging
import StorageModel
import WireMessages

/// Takes statements and vouchers from those who pay, and keeps them.
///
///     statement ─own figures─► agreed ─voucher─► checked ─► on the disk ─► acknowledged
///                   └─ refused, with the reason and the node's own statement
///
/// - Source: economy design §3.2.
package struct FarmerEndpoint: Sendable {
    /// Bytes of a message at most: a statement of a year's hours.
    private static let maximumSize = 256 << 10

    private let farmer: Farmer
    private let registrations: Registrations

    /// An endpoint of a farmer.
    package init(_ farmer: Farmer, registrations: Registrations) {
        self.farmer = farmer
        self.registrations = registrations
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(FarmerMethods.deliver) { request, context in
            try await deliver(request, payer: try caller(context))
        }
        router.unary(FarmerMethods.highestVoucher) { request, context in
            try await highestVoucher(request, payer: try caller(context))
        }
    }

    /// A satellite on the list, also one that the node has left: it may still owe something.
    private func caller(_ context: RPCContext) throws(RPCStatusError) -> NodeID {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "a payer needs an identity") }
        let trust = farmer.parts.trust
        guard trust.isTrusted(peer.id) || trust.satellites.contains(where: { $0.id == peer.id }) else {
            throw RPCStatusError(.permissionDenied, "\(peer.id) is not trusted")
        }
        return peer.id
    }

    // MARK: Statements

    private func deliver(_ request: Market_StatementRequest, payer: NodeID) async throws -> Market_StatementResponse {
        guard request.statement.count <= Self.maximumSize, request.voucher.count <= Self.maximumSize else {
            throw RPCStatusError(.invalidArgument, "a statement has \(Self.maximumSize) bytes at most")
        }
        let signed: SignedStatement
        let voucher: SignedVoucher?
        do {
            signed = try SignedStatement(encoded: Array(request.statement))
            voucher = request.voucher.isEmpty ? nil : try SignedVoucher(encoded: Array(request.voucher))
        } catch {
            throw RPCStatusError(.invalidArgument, "\(error)")
        }
        do {
            try await agree(to: signed, voucher, payer: payer)
            var response = Market_StatementResponse()
            response.accepted = true
            return response
        } catch let refusal as StatementRefusal {
            return try await refuse(signed, refusal, payer: payer)
        } catch let refusal as VoucherRefusal {
            return try await refuse(signed, .voucher(refusal), payer: payer)
        } catch let error as LedgerError {
            throw RPCStatusError(.unavailable, "\(error)")
        }
    }

    /// Checks a statement with its voucher and keeps both.
    ///
    /// - Throws: `StatementRefusal`, `VoucherRefusal`, `LedgerError`, `RPCStatusError` for what can be better later.
    private func agree(to signed: SignedStatement, _ voucher: SignedVoucher?, payer: NodeID) async throws {
        let statement = signed.statement
        guard statement.cumulative.units <= UInt64(Int64.max), statement.until <= UInt64(Int64.max) else {
            throw StatementRefusal.unsound("numbers beyond any")
        }
        if let kept = try await farmer.book.statement(of: payer, period: statement.period) {
            // Said again because our answer was lost: agreed to then, agreed to now.
            guard kept.statement.digest == statement.digest else { throw StatementRefusal.otherStatement }
            if let voucher { try await takeAgain(voucher, statement) }
            return
        }
        try await checkOrder(of: statement, payer: payer)
        try await learnChannel(of: statement, payer: payer)
        let check = try await makeCheck(of: statement, payer: payer)
        try check.check(signed)
        // A promise of nothing is none.
        var promise = statement.channel != Bytes32() && statement.cumulative == .zero ? nil : voucher
        try await checkPromise(promise, statement)
        // The registration may have brought a voucher of a later period: what this one promises is in it.
        if promise != nil, try await isContained(statement) { promise = nil }
        guard try await farmer.book.keep(signed, voucher: promise, at: farmer.parts.clock.now()) else {
            throw StatementRefusal.otherStatement
        }
        try await farmer.refreshStanding(of: payer)
    }

    /// A channel pays by vouchers, a root without.
    private func checkPromise(_ voucher: SignedVoucher?, _ statement: Statement) async throws {
        guard statement.channel != Bytes32(), statement.cumulative > .zero else {
            if voucher != nil { throw StatementRefusal.voucher(.otherChannel) }
            return
        }
        guard let voucher else { throw StatementRefusal.voucherMissing }
        var known = try await farmer.known(statement.channel)
        if try await isContained(statement) { known.voucher = nil }
        try VoucherCheck.check(voucher, channel: known, statement: statement, domains: farmer.domains)
    }

    /// Whether the node holds a voucher of a later period that promises at least as much.
    private func isContained(_ statement: Statement) async throws -> Bool {
        guard let held = try await farmer.book.channel(statement.channel)?.voucher?.voucher else { return false }
        return held.period > statement.period && held.cumulative >= statement.cumulative
    }

    /// A statement whose predecessor has not come yet is asked for again.
    private func checkOrder(of statement: Statement, payer: NodeID) async throws {
        guard let last = try await farmer.book.lastStatement(of: payer)?.statement, statement.previous != last.digest else {
            return
        }
        if statement.period <= last.period { throw StatementRefusal.unsound("a later period was agreed to") }
        if try await farmer.book.isRefused(statement.previous, of: payer) { return }
        throw RPCStatusError(.unavailable, "the statement before this one has not come yet")
    }

    private func takeAgain(_ voucher: SignedVoucher, _ statement: Statement) async throws {
        let known = try await farmer.known(statement.channel)
        // A newer one may have come meanwhile; this one is in it then.
        if known.vouchered >= statement.cumulative { return }
        _ = try await farmer.accept(voucher, channel: known.channel, payer: nil, statement: statement)
    }

    /// A payer that has opened a new channel says so when it is asked.
    private func learnChannel(of statement: Statement, payer: NodeID) async throws {
        let known = try await farmer.book.payer(payer)
        let channel = known.payment == .channel ? known.channel?.id ?? Bytes32() : Bytes32()
        guard known.manifest == nil || statement.channel != channel,
            let url = farmer.parts.trust.satellites.first(where: { $0.id == payer })
        else { return }
        try await registrations.register(url)
    }

    private func makeCheck(of statement: Statement, payer: NodeID) async throws -> StatementCheck {
        let book = farmer.book
        let period = try await book.period(satellite: payer, number: UInt64(statement.period))
        let last = try await book.lastStatement(of: payer)?.statement
        let sheet = try await book.sheet(of: payer, at: statement.from)
        let isInDollars = statement.quote != nil || sheet.map { $0.sheet.denomination == .microUSD } ?? true
        return StatementCheck(
            settings: farmer.settings, node: farmer.parts.identity.id, wallet: farmer.keys.wallet,
            payer: try await book.payer(payer), last: last,
            followsRefusal: last.map { $0.digest != statement.previous } ?? false, period: period,
            unpaid: try await book.unpaidOrders(of: payer, period: statement.period), sheet: sheet,
            quote: isInDollars ? try await ownQuote(for: statement) : nil, now: farmer.seconds)
    }

    /// The price of STORJ by our own source; nil when the statement exchanges nothing.
    private func ownQuote(for statement: Statement) async throws -> Quote? {
        guard let stated = statement.quote else { return nil }
        let reason: String
        do {
            if let quote = try await farmer.quotes.quote(at: stated.time) { return quote }
            reason = "nobody knows it"
        } catch {
            try Task.checkCancellation()
            reason = "\(error)"
        }
        // Nothing is guessed: the payer asks again, and until then the period counts as unpaid.
        throw RPCStatusError(.unavailable, "this node does not know what STORJ cost: \(reason)")
    }

    private func refuse(
        _ signed: SignedStatement, _ refusal: StatementRefusal, payer: NodeID
    ) async throws -> Market_StatementResponse {
        let statement = signed.statement
        farmer.parts.logger.error(
            "a statement is refused",
            metadata: ["satellite": "\(payer)", "period": "\(statement.period)", "reason": "\(refusal)"])
        if refusal != .otherStatement, try await isGenuine(signed, payer: payer) {
            try await farmer.book.noteRefusal(of: payer, statement, "\(refusal)", at: farmer.parts.clock.now())
        }
        var response = Market_StatementResponse()
        response.refusal = "\(refusal)"
        response.statement = Data(try await ownStatement(for: statement, refusal, payer: payer)?.encoded ?? [])
        return response
    }

    /// Whether the payer has signed it for this node: anything else is not worth remembering.
    private func isGenuine(_ signed: SignedStatement, payer: NodeID) async throws -> Bool {
        guard signed.statement.payerNode == payer, signed.statement.node == farmer.parts.identity.id,
            let manifest = try await farmer.book.payer(payer).manifest
        else { return false }
        return signed.isSigned(by: manifest.signer)
    }

    /// The node's own statement, where it differs in figures.
    private func ownStatement(
        for statement: Statement, _ refusal: StatementRefusal, payer: NodeID
    ) async throws -> Statement? {
        switch refusal {
        case .otherStatement: return try await farmer.book.statement(of: payer, period: statement.period)?.statement
        case .tooLittle, .held, .quote, .unsound: return try await makeCheck(of: statement, payer: payer).own(for: statement)
        default: return nil
        }
    }

    // MARK: Vouchers

    private func highestVoucher(
        _ request: Market_HighestVoucherRequest, payer: NodeID
    ) async throws -> Market_HighestVoucherResponse {
        guard let id = Bytes32(Array(request.channel)) else {
            throw RPCStatusError(.invalidArgument, "a channel's id has 32 bytes")
        }
        var response = Market_HighestVoucherResponse()
        // Whose vouchers are whose is nobody else's business.
        if try await farmer.book.channel(id)?.payer == payer, let voucher = try await farmer.heldVoucher(of: id) {
            response.voucher = Data(voucher)
        }
        return response
    }
}
