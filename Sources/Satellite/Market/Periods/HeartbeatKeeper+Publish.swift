import Database
import Heartbeats
import Identity
import Logging
import StorageModel
import Upkeep

extension HeartbeatKeeper {
    /// Gives the last verdicts, signs the report and publishes it.
    ///
    /// - Parameter secret: nil when no beacon was ever fixed; then all is void.
    func publish(_ period: PeriodRecord, _ rows: [NodeHeartbeat], secret: Bytes32?) async throws -> PeriodRecord {
        let rows = final(rows, period, hasBeacon: secret != nil)
        let report = report(period, rows, secret: secret)
        try HeartbeatFolder.write(report.encoded, to: folder.report(period.number))
        try reached(.reportWritten)
        var published = period
        published.state = .published
        published.reportRoot = report.root
        published.counts = VerdictCounts(rows.filter(\.isCovered).map(\.verdict))
        try await parts.database.write { [published] session in
            for row in rows { try row.save(in: session) }
            try published.save(in: session)
        }
        let counts = published.counts
        parts.logger.info(
            "heartbeat report published",
            metadata: [
                "period": "\(period.number)", "passed": "\(counts.passed)", "failed": "\(counts.failed)",
                "unreachable": "\(counts.unreachable)", "void": "\(counts.void)",
            ])
        try reached(.published)
        return published
    }

    /// Ends what is pending: unreachable when the node was asked often enough, else void.
    private func final(_ rows: [NodeHeartbeat], _ period: PeriodRecord, hasBeacon: Bool) -> [NodeHeartbeat] {
        var rows = rows
        for index in rows.indices where rows[index].isCovered && rows[index].verdict == .pending {
            rows[index].verdict = hasBeacon && isAbsent(rows[index], period) ? .unreachable : .void
        }
        let asked = rows.count { $0.isCovered }
        let unreachable = rows.count { $0.verdict == .unreachable }
        if asked > 2, Double(unreachable) > Double(asked) * settings.outageShare {
            // So many at once: it is the satellite that is cut off.
            for index in rows.indices where rows[index].verdict == .unreachable { rows[index].verdict = .void }
        }
        return rows
    }

    /// Whether it was the node that was not there, and not the satellite.
    private func isAbsent(_ row: NodeHeartbeat, _ period: PeriodRecord) -> Bool {
        guard row.attempts >= settings.minimumAttempts, let first = row.firstAttempt, let last = row.lastAttempt,
            let start = period.challengedAt
        else { return false }
        return last.duration(since: first) * 2 >= period.end.duration(since: start)
    }

    private func report(_ period: PeriodRecord, _ rows: [NodeHeartbeat], secret: Bytes32?) -> HeartbeatReport {
        let satellite = parts.identity
        let head = period.head(satellite: satellite.id)
        let lines = rows.filter(\.isCovered).map { row in
            let commitment = row.commitment(in: head, sampleCount: period.sampleCount)
            let seed = secret == nil ? nil : period.beacon.map {
                HeartbeatJudge.challenge(row, period, beacon: $0, satellite: satellite.id).seed
            }
            return HeartbeatResult(
                commitment: commitment, seed: seed ?? Bytes32(), verdict: row.verdict,
                evidenceDigest: row.evidence ?? Bytes32(), amount: 0)
        }
        let uncovered = rows.filter { !$0.isCovered }.map {
            UncoveredNode(
                node: $0.node, pieceCount: $0.holding.pieceCount + $0.holding.unprovablePieceCount,
                byteCount: $0.holding.byteCount + $0.holding.unprovableByteCount)
        }
        return HeartbeatReport(
            satelliteChain: satellite.peer.concatenated, period: head, secret: secret, results: lines,
            uncovered: uncovered
        ).signed(by: satellite)
    }
}
