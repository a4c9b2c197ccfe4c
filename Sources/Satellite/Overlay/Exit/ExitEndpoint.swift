import DRPC
import Identity
import StorageModel
import WireMessages

extension Overlay {
    /// Adds what a node calls to leave in good order.
    func registerExit(in router: inout RPCRouter, satellite: NodeIdentity) {
        // The node sends nothing: opening the stream is the question, one message the answer.
        router.stream(GracefulExitMethods.process) { stream, context in
            let peer = try Self.peer(of: context)
            let message = try await self.mapErrors {
                try Self.exitMessage(try await self.processExit(peer.id), satellite: satellite)
            }
            try await stream.send(message)
        }
        router.unary(GracefulExitMethods.feasibility) { _, context in
            let peer = try Self.peer(of: context)
            guard let node = self.record(of: peer.id) else { throw RPCStatusError(.notFound, "node is not known") }
            var response = GracefulExit_GracefulExitFeasibilityResponse()
            response.joinedAt = Wire_Timestamp(node.createdAt)
            response.monthsRequired = self.settings.exit.minimumMonths
            response.isAllowed = self.mayExit(node, at: self.clock.now())
            return response
        }
    }

    /// What a node is told: wait, or the signed end.
    private static func exitMessage(
        _ node: NodeRecord, satellite: NodeIdentity
    ) throws -> GracefulExit_SatelliteMessage {
        var message = GracefulExit_SatelliteMessage()
        guard let finishedAt = node.exitFinishedAt else {
            message.notReady = GracefulExit_NotReady()
            return message
        }
        if node.exitSucceeded {
            message.exitCompleted = try ExitSignature.completed(node.id, at: finishedAt, by: satellite)
        } else {
            message.exitFailed = try ExitSignature.failed(
                node.id, node.exitFailure ?? .absence, at: finishedAt, by: satellite)
        }
        return message
    }
}
