import DRPC
import Identity
import StorageModel
import WireMessages

extension Overlay {
    /// Adds what a node asks about its own standing.
    func registerStats(in router: inout RPCRouter) {
        router.unary(NodeStatsMethods.getStats) { _, context in
            guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "no identity") }
            guard let node = self.record(of: peer.id) else {
                throw RPCStatusError(.notFound, "node is not known")
            }
            return Self.stats(of: node, try await self.reputation(of: peer.id))
        }
    }

    /// A node's standing, in the field's words.
    private static func stats(of node: NodeRecord, _ reputation: Reputation) -> NodeStats_GetStatsResponse {
        var response = NodeStats_GetStatsResponse()
        response.auditCheck = auditCheck(reputation)
        response.onlineScore = reputation.history.score
        response.auditHistory = auditHistory(reputation.history)
        response.joinedAt = Wire_Timestamp(node.createdAt)
        if let time = node.disqualifiedAt { response.disqualified = Wire_Timestamp(time) }
        if let time = node.unknownAuditSuspendedAt { response.suspended = Wire_Timestamp(time) }
        if let time = node.offlineSuspendedAt { response.offlineSuspended = Wire_Timestamp(time) }
        if let time = node.underReviewAt { response.offlineUnderReview = Wire_Timestamp(time) }
        if let time = node.vettedAt { response.vettedAt = Wire_Timestamp(time) }
        return response
    }

    private static func auditCheck(_ reputation: Reputation) -> NodeStats_ReputationStats {
        var stats = NodeStats_ReputationStats()
        stats.totalCount = reputation.totalAudits
        stats.successCount = reputation.successes
        stats.reputationAlpha = reputation.audit.alpha
        stats.reputationBeta = reputation.audit.beta
        stats.reputationScore = reputation.audit.score
        stats.unknownReputationAlpha = reputation.unknown.alpha
        stats.unknownReputationBeta = reputation.unknown.beta
        stats.unknownReputationScore = reputation.unknown.score
        return stats
    }

    private static func auditHistory(_ history: OnlineHistory) -> NodeStats_AuditHistory {
        var answer = NodeStats_AuditHistory()
        answer.score = history.score
        answer.windows = history.windows.map { window in
            var answer = NodeStats_AuditWindow()
            answer.windowStart.seconds = window.start
            answer.onlineCount = window.online
            answer.totalCount = window.total
            return answer
        }
        return answer
    }
}
