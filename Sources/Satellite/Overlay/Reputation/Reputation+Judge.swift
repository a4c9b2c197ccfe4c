import StorageModel

extension Reputation {
    /// Changes a node's standing to what the reputation demands.
    ///
    /// ```
    ///              score for unknown errors ≤ 0.6            audit score ≤ 0.96
    ///   in order ─────────────────────────────► suspended ─────────────────────► disqualified (also from in order)
    ///            ◄─────────────────────────────
    ///                       above 0.6
    ///              online score < 0.6, full history           37 days, still below, and only if enabled
    ///   in order ─────────────────────────────► under review ──────────────────► disqualified
    ///            ◄───────────────────────────── (suspended while below)
    ///              37 days, score of at least 0.6
    /// ```
    /// - Returns: what happened to the node.
    func judge(_ node: inout NodeRecord, at now: Timestamp, settings: ReputationSettings) -> [NodeEvent.Kind] {
        guard node.servesDownloads else { return [] }
        if audit.score <= settings.disqualifyingScore {
            node.disqualify(.auditFailure, at: now)
            return [.disqualified]
        }
        var events = judgeErrors(&node, now, settings)
        if node.disqualifiedAt == nil { events += judgePresence(&node, now, settings) }
        if node.disqualifiedAt == nil { vet(&node, now, settings) }
        return events
    }

    private func judgeErrors(
        _ node: inout NodeRecord, _ now: Timestamp, _ settings: ReputationSettings
    ) -> [NodeEvent.Kind] {
        let isBad = unknown.score <= settings.suspendingScore
        guard let suspendedAt = node.unknownAuditSuspendedAt else {
            guard isBad else { return [] }
            node.unknownAuditSuspendedAt = now
            return [.suspendedForErrors]
        }
        guard isBad else {
            node.unknownAuditSuspendedAt = nil
            return [.unsuspendedForErrors]
        }
        guard settings.disqualifiesSuspended, now.duration(since: suspendedAt) > settings.suspensionGrace else {
            return []
        }
        node.disqualify(.suspension, at: now)
        return [.disqualified]
    }

    private func judgePresence(
        _ node: inout NodeRecord, _ now: Timestamp, _ settings: ReputationSettings
    ) -> [NodeEvent.Kind] {
        let isBad = history.score < settings.reviewingScore
        guard let reviewedSince = node.underReviewAt else {
            guard isBad, history.isComplete(settings) else { return [] }
            node.underReviewAt = now
            node.offlineSuspendedAt = now
            return [.suspendedForAbsence]
        }
        let isOver =
            now.duration(since: reviewedSince) > settings.reviewGrace + settings.onlineTrackingPeriod
        if isBad, isOver, settings.disqualifiesOffline {
            node.disqualify(.offline, at: now)
            return [.disqualified]
        }
        if isOver, !isBad { node.underReviewAt = nil }
        if isBad == (node.offlineSuspendedAt != nil) { return [] }
        node.offlineSuspendedAt = isBad ? now : nil
        return [isBad ? .suspendedForAbsence : .unsuspendedForAbsence]
    }

    private func vet(_ node: inout NodeRecord, _ now: Timestamp, _ settings: ReputationSettings) {
        guard node.vettedAt == nil, totalAudits >= settings.vettingAudits,
            now.duration(since: node.createdAt) >= settings.vettingAge
        else { return }
        node.vettedAt = now
    }
}

extension NodeRecord {
    /// Takes the node out for good; the first reason stays.
    mutating func disqualify(_ reason: DisqualificationReason, at now: Timestamp) {
        guard disqualifiedAt == nil else { return }
        disqualifiedAt = now
        disqualificationReason = reason
    }
}
