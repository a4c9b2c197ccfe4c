import DRPC
import Identity
import StorageModel
import WireMessages

extension Overlay {
    /// The audit record every node starts with; a good one outweighs few failures.
    ///
    /// - Source: protocol document 3 §5.4.
    private static let initialAlpha = 1000.0
    private static let initialUnknownAlpha = 1.0

    /// Adds what a node asks about its own standing. Leaving gracefully is not offered yet.
    func registerStats(in router: inout RPCRouter) {
        router.unary(NodeStatsMethods.getStats) { _, context in
            guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "no identity") }
            guard let node = self.record(of: peer.id) else {
                throw RPCStatusError(.notFound, "node is not known")
            }
            return Self.stats(of: node)
        }
        for path in GracefulExitMethods.allPaths { router.unimplemented(path: path) }
    }

    /// The standing of a node that was not audited yet, with what did happen to it.
    private static func stats(of node: NodeRecord) -> NodeStats_GetStatsResponse {
        var response = NodeStats_GetStatsResponse()
        response.auditCheck.reputationAlpha = initialAlpha
        response.auditCheck.reputationScore = 1
        response.auditCheck.unknownReputationAlpha = initialUnknownAlpha
        response.auditCheck.unknownReputationScore = 1
        response.onlineScore = 1
        response.auditHistory.score = 1
        response.joinedAt = Wire_Timestamp(node.createdAt)
        if let time = node.disqualifiedAt { response.disqualified = Wire_Timestamp(time) }
        if let time = node.unknownAuditSuspendedAt { response.suspended = Wire_Timestamp(time) }
        if let time = node.offlineSuspendedAt { response.offlineSuspended = Wire_Timestamp(time) }
        if let time = node.underReviewAt { response.offlineUnderReview = Wire_Timestamp(time) }
        if let time = node.vettedAt { response.vettedAt = Wire_Timestamp(time) }
        return response
    }
}
