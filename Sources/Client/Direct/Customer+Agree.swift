import Contracts
import Ethereum
import Heartbeats
import Ledger
import Logging
import StorageModel

extension Customer {
    /// Lets every farmer that has pieces of a deal sign for them, and opens the agreements on the ledger.
    ///
    /// - Returns: the deal's agreements as they are now; one that was refused says why.
    func agree(_ deal: DealRecord) async throws -> [AgreementRecord] {
        let known = Dictionary(
            try await book.agreements().filter { $0.deal == deal.id && $0.state != .refused }.map { ($0.node, $0) },
            uniquingKeysWith: { $1 })
        var isOver = true
        for node in try await book.holders(deal: deal.id) {
            if let agreement = known[node], agreement.state == .open || agreement.state == .finished { continue }
            do {
                try await agree(deal, node, known[node])
            } catch let error as DirectError {
                isOver = try await note(error, deal: deal, node: node) && isOver
            }
        }
        if isOver {
            var deal = deal
            deal.state = .running
            try await book.save(deal)
        }
        return try await book.agreements().filter { $0.deal == deal.id }
    }

    /// Keeps why a farmer has not signed.
    ///
    /// - Returns: whether that is its last word: a node that does not answer is asked again.
    private func note(_ error: DirectError, deal: DealRecord, node: NodeID) async throws -> Bool {
        parts.logger.warning("an agreement is not made", metadata: ["node": "\(node)", "error": "\(error)"])
        guard var agreement = try await book.agreements().last(where: { $0.deal == deal.id && $0.node == node }),
            agreement.state == .proposed
        else { return false }
        agreement.refusal = "\(error)"
        if case .refused = error { agreement.state = .refused }
        try await book.save(agreement)
        return agreement.state == .refused
    }

    private func agree(_ deal: DealRecord, _ node: NodeID, _ known: AgreementRecord?) async throws {
        guard let farmer = try await book.farmer(node) else { throw DirectError.notHired(node) }
        let now = try await ledgerTime()
        let set = try await committedSet(deal: deal.id, node: node)
        var agreement = known
        if let proposed = known, proposed.terms.end(of: 0) <= now {
            // Too old to be opened; what was signed meanwhile is worth nothing without the payer's operation.
            if proposed.state == .proposed { try await book.drop(proposed) }
            agreement = nil
        }
        var current: AgreementRecord
        if let agreement { current = agreement } else {
            current = AgreementRecord(
                deal: deal.id, node: node, state: .proposed, terms: try await terms(deal, farmer, set, now: now),
                farmerSignature: nil, receipt: PeriodSet(), delivered: PeriodSet(), refusal: nil)
            try await book.save(current)
        }
        if current.state == .proposed {
            current.farmerSignature = try await signature(current.terms, farmer, set)
            current.state = .signed
            current.refusal = nil
            try await book.save(current)
        }
        guard let signature = current.farmerSignature else { throw DirectError.damaged("an agreement without a signature") }
        if try await parts.ledger.agreement(current.id) == nil {
            try await perform(.agreement(.open(current.terms, farmer: signature)))
        }
        current.state = .open
        try await book.save(current)
    }

    private func signature(
        _ terms: AgreementTerms, _ farmer: FarmerRecord, _ set: CommittedSet
    ) async throws -> Signature {
        let own = parts.wallet.sign(terms.digest(in: domains.agreements))
        do {
            return try await caller.agree(
                farmer.url, terms: terms, signature: own, pieces: set, domain: domains.agreements)
        } catch let error as DirectError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw DirectError.noOffer(farmer.node, "\(error)")
        }
    }

    /// The pieces of a deal at a farmer, as both sign for them.
    func committedSet(deal: StreamID, node: NodeID) async throws -> CommittedSet {
        let pieces = try await book.pieces(deal: deal, node: node)
        guard pieces.count <= CommittedSet.maximumEncodedCount else { throw DirectError.tooManyPieces(node) }
        return try CommittedSet(
            pieces.compactMap { CommittedPiece(id: $0.piece, size: $0.size, hash: $0.hash) })
    }

    /// What a farmer is asked to sign: its own price, from now on.
    private func terms(
        _ deal: DealRecord, _ farmer: FarmerRecord, _ set: CommittedSet, now: UInt64
    ) async throws -> AgreementTerms {
        guard let bytes = set.byteCount, let salt = Bytes32(parts.random.bytes(count: 32)) else {
            throw DirectError.damaged("a set of pieces")
        }
        let asked = deal.terms
        let sheet = farmer.sheet.sheet
        let earned = try await pay(farmer.sheet, now: now).earned(
            .storage, price: sheet.storageTBMonth, bytes: bytes, seconds: asked.period)
        guard let earned else { throw DirectError.badTerms("a price above all there is") }
        // Rounded up to the least amount: nothing can be agreed for nothing.
        let price = max(earned, TokenAmount(1))
        guard let collateral = price.multiplied(by: asked.collateralPeriods) else {
            throw DirectError.badTerms("a collateral above all there is")
        }
        let terms = AgreementTerms(
            payer: wallet, farmer: farmer.binding.binding.wallet, signer: parts.signer.address, root: set.root.hash,
            chunkCount: set.root.sum, start: now, period: asked.period, periodCount: asked.periodCount, price: price,
            window: asked.window, grace: asked.grace, collateral: collateral,
            penalty: asked.collateralPeriods > 0 ? price : .zero, salt: salt)
        guard terms.isSound else { throw DirectError.badTerms("the ledger would not take them") }
        return terms
    }
}
