import Database
import Heartbeats
import Identity
import Overlay
import StorageModel
import Upkeep

extension HeartbeatKeeper {
    /// Challenges nodes until all have answered or the period ends, then publishes.
    func challenge(_ period: PeriodRecord) async throws -> PeriodRecord {
        if now < period.end {
            let judge = HeartbeatJudge(
                caller: caller, folder: folder, satellite: parts.identity.peer, logger: parts.logger)
            let pending = try await rows(period.number).filter { $0.isCovered && $0.verdict == .pending }
            try await each(pending) { try await self.challenge($0, period, judge) }
        }
        let rows = try await rows(period.number)
        guard now >= period.end || !rows.contains(where: { $0.isCovered && $0.verdict == .pending }) else {
            return period
        }
        return try await publish(period, rows, secret: period.secret)
    }

    private func challenge(_ row: NodeHeartbeat, _ period: PeriodRecord, _ judge: HeartbeatJudge) async throws {
        guard let node = parts.overlay.record(of: row.node) else { return }
        var row = row
        guard node.servesDownloads else {
            // It has left or was thrown out since the set was made: nobody expects its pieces any more.
            row.verdict = .void
            return try await save(row, while: .challenging)
        }
        let asked = now
        var judgement: HeartbeatJudge.Judgement
        do {
            judgement = try await judge.judge(row, in: period, at: NodeURL(id: row.node, address: node.address))
        } catch {
            try Task.checkCancellation()
            row.noteFailure("\(error)", at: now)
            return try await save(row, while: .challenging)
        }
        if !judgement.missing.isEmpty, try await areReportedLost(judgement.missing, by: row.node, before: asked) {
            // The node said so itself: the pieces leave its books, and with them what it is paid.
            judgement = HeartbeatJudge.Judgement(verdict: .void, evidence: nil, trust: [])
        }
        if let evidence = judgement.evidence {
            // What cannot be written is the satellite's fault: the run ends, and the next one asks the node again.
            let bytes = evidence.encoded
            try HeartbeatFolder.write(bytes, to: folder.evidence(row.node, period: period.number))
            row.evidence = EvidenceBundle.digest(of: bytes)
            try reached(.evidenceWritten)
        }
        row.verdict = judgement.verdict
        row.uploaderCount = judgement.trust.count { $0 == .uploader }
        row.repairCount = judgement.trust.count { $0 == .repair }
        row.recordCount = judgement.trust.count { $0 == .recorded }
        row.lastError = nil
        try await save(row, while: .challenging)
        try reached(.judged)
    }

    private func areReportedLost(_ pieces: Set<PieceID>, by node: NodeID, before moment: Timestamp) async throws -> Bool {
        for piece in pieces {
            guard try await parts.overlay.isReportedLost(piece, by: node, before: moment) else { return false }
        }
        return true
    }
}
