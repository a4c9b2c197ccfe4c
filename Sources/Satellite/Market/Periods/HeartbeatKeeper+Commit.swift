import Database
import Heartbeats
import Identity
import Overlay
import StorageModel
import Upkeep
import WireMessages

extension HeartbeatKeeper {
    var caller: NodeCaller {
        NodeCaller(dialer: parts.dialer, sleeper: parts.sleeper, timeout: settings.answerTimeout)
    }

    /// Asks nodes to sign until all have or the time is over, then fixes the beacon.
    func collectSignatures(_ period: PeriodRecord) async throws -> PeriodRecord {
        // Nobody was challenged in all the time: the satellite was not there.
        guard now < period.end else { return try await publish(period, rows(period.number), secret: nil) }
        let head = period.head(satellite: parts.identity.id)
        let unsigned = try await rows(period.number).filter { $0.isCovered && $0.signature == nil }
        if now < period.commitUntil {
            try await each(unsigned) { try await self.collectSignature(of: $0, period, head) }
            let isWaiting = try await rows(period.number).contains { $0.isCovered && $0.signature == nil }
            guard !isWaiting || now >= period.commitUntil else { return period }
        }
        return try await fixBeacon(period, head)
    }

    private func collectSignature(
        of row: NodeHeartbeat, _ period: PeriodRecord, _ head: HeartbeatPeriod
    ) async throws {
        guard let node = parts.overlay.record(of: row.node) else { return }
        var row = row
        do {
            let answer = try await caller.commit(
                row.commitment(in: head, sampleCount: period.sampleCount),
                at: NodeURL(id: row.node, address: node.address), identity: try await parts.overlay.identity(of: row.node))
            row.signature = Array(answer.response.signature)
            row.chain = answer.chain
            row.reportedPieceCount = Int64(clamping: answer.response.pieceCount)
            row.reportedByteCount = Int64(clamping: answer.response.byteCount)
            row.lastError = nil
        } catch let error as DatabaseError {
            throw error
        } catch {
            try Task.checkCancellation()
            row.lastError = "\(error)"
        }
        try await save(row, while: .committing)
        if row.signature != nil { try reached(.signed) }
    }

    /// Fixes what the beacon is made of, in one transaction: signatures that come later change nothing.
    private func fixBeacon(_ period: PeriodRecord, _ head: HeartbeatPeriod) async throws -> PeriodRecord {
        let now = now
        let fixed = try await parts.database.write { session in
            let commitments = try NodeHeartbeat.fetch(period: period.number, in: session).filter(\.isCovered).map {
                $0.commitment(in: head, sampleCount: period.sampleCount)
            }
            var fixed = period
            fixed.commitmentsRoot = Beacon.commitmentsRoot(commitments)
            fixed.challengedAt = now
            fixed.state = .challenging
            try fixed.save(in: session)
            return fixed
        }
        try reached(.challenged)
        return fixed
    }

    /// Writes a node's row, unless the period has gone on meanwhile.
    func save(_ row: NodeHeartbeat, while state: PeriodRecord.State) async throws {
        try await parts.database.write { session in
            guard try PeriodRecord.fetch(row.period, in: session)?.state == state else { return }
            try row.save(in: session)
        }
    }
}
