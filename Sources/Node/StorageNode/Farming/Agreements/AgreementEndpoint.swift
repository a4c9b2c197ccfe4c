import Contracts
package import DRPC
import Ethereum
import Foundation
import Heartbeats
import Identity
import Ledger
package import PieceStore
import StorageModel
import WireMessages

/// Signs terms that fit the farmer's prices and pieces, and takes receipts.
///
/// - Source: economy design §3.3, §6.2.
package struct AgreementEndpoint: Sendable {
    private let farmer: Farmer
    private let book: AgreementBook
    private let store: PieceStore

    /// How far a start may lie from now, seconds.
    private static let startTolerance: UInt64 = 86400
    /// The shortest window in which a farmer can be expected to prove, seconds.
    private static let leastWindow: UInt64 = 3600

    /// An endpoint of a farmer.
    package init(_ farmer: Farmer, book: AgreementBook, store: PieceStore) {
        self.farmer = farmer
        self.book = book
        self.store = store
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(FarmerMethods.agree) { request, context in
            try await agree(request, payer: try caller(context))
        }
        router.unary(FarmerMethods.receipt) { request, context in
            try await receive(request, payer: try caller(context))
        }
    }

    private func caller(_ context: RPCContext) throws(RPCStatusError) -> NodeID {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "a payer needs an identity") }
        guard farmer.parts.trust.isTrusted(peer.id) else {
            throw RPCStatusError(.permissionDenied, "\(peer.id) is not trusted")
        }
        return peer.id
    }

    // MARK: Terms

    private func agree(_ request: Market_AgreementRequest, payer: NodeID) async throws -> Market_AgreementResponse {
        var response = Market_AgreementResponse()
        do {
            response.signature = Data(try await sign(request, payer: payer).encoded)
        } catch let refusal as AgreementRefusal {
            response.refusal = refusal.description
        } catch let error as LedgerError {
            throw RPCStatusError(.unavailable, "\(error)")
        }
        return response
    }

    private func sign(_ request: Market_AgreementRequest, payer: NodeID) async throws -> Signature {
        guard farmer.settings.takesAgreements else { throw AgreementRefusal.notTaken }
        guard let key = farmer.keys.walletKey else { throw AgreementRefusal.coldWallet }
        let terms: AgreementTerms
        let signature: Signature
        let set: CommittedSet
        do {
            terms = try AgreementTerms(encoded: Array(request.terms))
            signature = try Signature(encoded: Array(request.signature))
            set = try CommittedSet(encoded: Array(request.pieces))
        } catch { throw AgreementRefusal.malformed("\(error)") }
        let digest = terms.digest(in: farmer.domains.agreements)
        guard signature.isSigned(digest, by: terms.payer) else { throw AgreementRefusal.wrongSignature }
        // Said again because our answer was lost: the same signature.
        if try await book.agreement(terms.id) != nil { return key.sign(digest) }
        try checkTimes(terms)
        guard terms.farmer == key.address else { throw AgreementRefusal.otherFarmer }
        guard set.root == SumNode(hash: terms.root, sum: terms.chunkCount), let bytes = set.byteCount else {
            throw AgreementRefusal.otherSet
        }
        try await checkPrice(terms, bytes: bytes)
        if terms.collateral > .zero {
            guard terms.collateral <= farmer.settings.maximumCollateral,
                terms.collateral <= (try await farmer.backend.balance(of: key.address))
            else { throw AgreementRefusal.collateral(farmer.settings.maximumCollateral) }
            // The ledger takes it when the payer opens the agreement: on a chain the farmer must have allowed that.
            try await farmer.backend.prepare(KeySigner(key))
        }
        try await checkPieces(set, terms, payer: payer)
        try await book.add(FarmAgreement(payer: payer, terms: terms), pieces: set.encoded)
        return key.sign(digest)
    }

    private func checkTimes(_ terms: AgreementTerms) throws(AgreementRefusal) {
        guard terms.isSound else { throw .badTimes("no ledger would take them") }
        let now = farmer.seconds
        guard terms.end(of: 0) > now, terms.start <= now + Self.startTolerance, terms.start + Self.startTolerance >= now
        else { throw .badTimes("the first period must begin about now") }
        guard terms.window >= Self.leastWindow else { throw .badTimes("a window of an hour at least") }
        guard terms.period >= 60 else { throw .badTimes("periods of a minute at least") }
    }

    private func checkPrice(_ terms: AgreementTerms, bytes: UInt64) async throws {
        guard let sheet = farmer.sheet(at: farmer.seconds) else { throw AgreementRefusal.noPrice }
        let isInDollars = sheet.sheet.denomination == .microUSD
        let quote = isInDollars ? try await farmer.quotes.quote(at: farmer.seconds) : nil
        guard let pay = Pay(sheet.sheet.denomination, quote: quote),
            let asked = pay.earned(.storage, price: sheet.sheet.storageTBMonth, bytes: bytes, seconds: terms.period)
        else { throw AgreementRefusal.noPrice }
        // The payer may know another price of STORJ, a little below ours.
        let (high, low) = asked.units.multipliedFullWidth(by: isInDollars ? 1000 - min(farmer.settings.quoteTolerance, 1000) : 1000)
        let least = UInt64(1000).dividingFullWidth((high, low)).quotient
        guard terms.price.units >= least else { throw AgreementRefusal.price(asked: asked) }
    }

    /// Looks at every piece: what is signed for must be there, unaltered, and stay.
    private func checkPieces(_ set: CommittedSet, _ terms: AgreementTerms, payer: NodeID) async throws {
        let end = terms.proofDeadline(of: terms.periodCount - 1)
        var missing = 0
        for piece in set.pieces {
            do {
                let stored = try await store.openPiece(satellite: payer, pieceID: piece.id, restoring: false).piece
                guard stored.size == piece.size, stored.root == piece.hash else {
                    missing += 1
                    continue
                }
                if let expires = stored.proof.expires, expires.seconds < Int64(clamping: end) {
                    throw AgreementRefusal.expiringPieces
                }
            } catch is PieceStoreError { missing += 1 }
        }
        guard missing == 0 else { throw AgreementRefusal.missingPieces(missing) }
    }

    // MARK: Receipts

    private func receive(_ request: Market_ReceiptRequest, payer: NodeID) async throws -> Market_ReceiptResponse {
        var response = Market_ReceiptResponse()
        guard let id = Bytes32(Array(request.agreement)), let mask = UInt256(bigEndian: Array(request.periods)),
            let signature = try? Signature(encoded: Array(request.signature))
        else { throw RPCStatusError(.invalidArgument, "a receipt has an id, 256 bits and a signature") }
        guard let known = try await book.agreement(id), known.payer == payer else {
            response.refusal = "this farmer has not signed such an agreement with you"
            return response
        }
        let receipt = Receipt(agreement: id, periods: PeriodSet(mask: mask))
        guard signature.isSigned(receipt.digest(in: farmer.domains.agreements), by: known.terms.signer) else {
            response.refusal = "the receipt is not signed by the agreement's signer for this ledger"
            return response
        }
        guard receipt.periods.periods.allSatisfy({ $0 < known.terms.periodCount }) else {
            response.refusal = "the receipt names periods that the agreement does not have"
            return response
        }
        // On the disk before it is acknowledged.
        response.accepted = try await book.keep(receipt.periods, signature, of: id)
        if !response.accepted { response.refusal = "an older receipt gave more" }
        return response
    }
}
