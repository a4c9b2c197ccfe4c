import Blake3
import Contracts
import DRPC
import Ethereum
import Foundation
import Heartbeats
import Ledger
import Logging
package import StorageModel
import WireMessages

/// What a round of heartbeats found out about one period of one agreement.
package struct HeartbeatOutcome: Sendable, Hashable {
    /// Who stores.
    package var node: NodeID
    /// Under which agreement.
    package var agreement: Bytes32
    /// Which of its periods.
    package var period: UInt64
    /// `passed`, `failed`, `pending`, `unreachable`, or `waiting` while there is no beacon.
    package var verdict: String
    /// Why.
    package var detail: String
    /// Whether the farmer has a receipt for the period.
    package var hasReceipt: Bool
}

extension Customer {
    /// Lets farmers prove what they keep, for every period that is over and not decided, and signs receipts for what was
    /// proven. To be called at least once a period; doing it more often does no harm.
    package func heartbeat() async throws -> [HeartbeatOutcome] {
        for deal in try await book.deals() where deal.state == .agreeing { _ = try await agree(deal) }
        var outcomes: [HeartbeatOutcome] = []
        for agreement in try await book.agreements() where agreement.state == .open {
            outcomes += try await heartbeat(agreement)
        }
        return outcomes
    }

    private func heartbeat(_ known: AgreementRecord) async throws -> [HeartbeatOutcome] {
        var agreement = known
        guard let farmer = try await book.farmer(agreement.node), let state = try await parts.ledger.agreement(agreement.id)
        else { return [] }
        let now = try await ledgerTime()
        let records = Dictionary(
            try await book.periods(of: agreement).map { ($0.period, $0) }, uniquingKeysWith: { $1 })
        var outcomes: [HeartbeatOutcome] = []
        var set: CommittedSet?
        for period in 0..<agreement.terms.periodCount where agreement.terms.end(of: period) <= now {
            if agreement.receipt.contains(period) || state.isDecided(period) { continue }
            let old = records[period]
            if let old, old.verdict == "failed" || old.verdict == "unreachable" { continue }
            let isLate = now > agreement.terms.proofDeadline(of: period)
            let committed: CommittedSet
            if let set { committed = set } else {
                committed = try await committedSet(deal: agreement.deal, node: agreement.node)
                set = committed
            }
            let (verdict, detail): (String, String)
            if let seed = try await beacon(agreement.terms.epoch(of: period), now: now) {
                (verdict, detail) =
                    isLate
                    ? ("unreachable", old?.detail ?? "nobody asked in time")
                    : try await ask(agreement, period, seed, committed, farmer)
            } else {
                (verdict, detail) = isLate ? ("unreachable", "there was no beacon in time") : ("waiting", "no beacon yet")
            }
            try await book.save(
                PeriodRecord(
                    agreement: agreement.id, period: period, verdict: verdict, detail: detail,
                    attempts: (old?.attempts ?? 0) + 1, time: parts.clock.now()))
            if verdict == "passed", settings.signsReceipts { agreement.receipt.insert(period) }
            outcomes.append(
                HeartbeatOutcome(
                    node: agreement.node, agreement: agreement.id, period: period, verdict: verdict, detail: detail,
                    hasReceipt: false))
        }
        try await deliver(&agreement, farmer)
        for index in outcomes.indices { outcomes[index].hasReceipt = agreement.delivered.contains(outcomes[index].period) }
        return outcomes
    }

    /// Gives the farmer the newest receipt, which contains all older ones.
    private func deliver(_ agreement: inout AgreementRecord, _ farmer: FarmerRecord) async throws {
        guard settings.signsReceipts, agreement.receipt != agreement.delivered else { return }
        // In the books before anybody has it: a lower one is never signed.
        try await book.save(agreement)
        let receipt = Receipt(agreement: agreement.id, periods: agreement.receipt)
        do {
            let answer = try await caller.deliver(
                receipt, signature: parts.signer.sign(receipt.digest(in: domains.agreements)), to: farmer.url)
            guard answer.accepted else { throw DirectError.refused(farmer.node, answer.refusal) }
            agreement.delivered = agreement.receipt
            try await book.save(agreement)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // It is delivered with the next heartbeat.
            parts.logger.warning("a receipt is not delivered", metadata: ["node": "\(farmer.node)", "error": "\(error)"])
        }
    }

    // MARK: Beacon

    /// The ledger's number for an epoch, drawn by us when nobody else has; nil while it cannot be drawn.
    func beacon(_ epoch: UInt64, now: UInt64) async throws -> Bytes32? {
        guard now / BeaconState.epochSeconds >= epoch else { return nil }
        do {
            var beacon = try await parts.ledger.beacon(epoch: epoch)
            if let seed = beacon?.seed { return seed }
            if beacon == nil {
                try await perform(.agreement(.arm(epoch: epoch)))
                beacon = try await parts.ledger.beacon(epoch: epoch)
            }
            guard let target = beacon?.target else { return nil }
            let height = try await parts.ledger.time().height
            if height > target, height - target > LedgerTime.visibleHashes {
                // Nobody drew while the block could be seen: another one is chosen.
                try await perform(.agreement(.arm(epoch: epoch)))
                return nil
            }
            guard height > target else { return nil }
            try await perform(.agreement(.seal(epoch: epoch)))
        } catch let error as SettlementError where Self.beaconRaces.contains(error) {
            // Somebody else was quicker, or it is a block too early.
        }
        return try await parts.ledger.beacon(epoch: epoch)?.seed
    }

    private static let beaconRaces: Set<SettlementError> = [
        .beaconArmed, .beaconSealed, .beaconTooEarly, .beaconExpired, .beaconNotArmed, .epochTooEarly,
    ]

    // MARK: Proof

    private func ask(
        _ agreement: AgreementRecord, _ period: UInt64, _ seed: Bytes32, _ set: CommittedSet, _ farmer: FarmerRecord
    ) async throws -> (verdict: String, detail: String) {
        let challenge = Challenge(
            beacon: seed, agreement: agreement.id, period: period, total: agreement.terms.chunkCount,
            sampleCount: settings.sampleCount)
        var request = Heartbeat_ChallengeRequest()
        request.period = period
        request.secret = Data(seed.bytes)
        var places: [(piece: Int, chunk: Int64)] = []
        for (number, chunk) in challenge.chunks.enumerated() {
            guard let place = set.locate(chunk: chunk) else { throw DirectError.damaged("the pieces of an agreement") }
            places.append(place)
            var sample = Heartbeat_Sample()
            sample.number = UInt32(number)
            sample.pieceID = Data(set.pieces[place.piece].id.bytes)
            sample.chunk = UInt64(place.chunk)
            request.samples.append(sample)
        }
        let answers: [SampleAnswer]
        do {
            answers = try await caller.chunks(request, of: farmer.url)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return ("pending", "\(error)")
        }
        return judge(answers, places, challenge, set, root: SumNode(hash: agreement.terms.root, sum: agreement.terms.chunkCount))
    }

    private func judge(
        _ answers: [SampleAnswer], _ places: [(piece: Int, chunk: Int64)], _ challenge: Challenge, _ set: CommittedSet,
        root: SumNode
    ) -> (verdict: String, detail: String) {
        var isPending = false
        for (number, answer) in answers.enumerated() {
            let place = places[number]
            switch answer {
            case .unreadable: isPending = true
            case .missing:
                return ("failed", "sample \(number): piece \(set.pieces[place.piece].id) is not shown")
            case .chunk(let proof):
                let sample = SampleProof(piece: set.pieces[place.piece], path: set.path(piece: place.piece), chunk: proof)
                guard let chunk = challenge.chunk(sample: number), sample.objection(chunk: chunk, root: root) == nil else {
                    return ("failed", "sample \(number): piece \(set.pieces[place.piece].id) is shown wrongly")
                }
            }
        }
        return isPending ? ("pending", "a chunk could not be read") : ("passed", "\(answers.count) samples")
    }
}
