package import DRPC
import Identity
import Logging
import StorageModel
import WireMessages

/// The methods by which nodes hand in orders and ask what they earned.
extension Accounting {
    /// Adds the methods of `/orders.Orders`, `/heldamount.HeldAmount`, and of `/nodestats.NodeStats` those about money.
    ///
    /// - Parameter pay: who knows prices and pay; nil where nobody is paid.
    package func register(in router: inout RPCRouter, pay: (any PayBooks)? = nil) {
        router.stream(OrdersMethods.settlementWithWindow) { stream, context in
            let node = try Self.node(of: context)
            var window = SettlementWindow(node: node)
            while let request = try await stream.receive() {
                window.add(request, rules: self.rules, cipher: self.cipher, at: self.clock.now())
                if window.isFull { throw RPCStatusError(.resourceExhausted, "too many orders in one window") }
            }
            try await stream.send(try await self.answer(window))
        }
        registerStatistics(in: &router, pay: pay)
    }

    /// A refusal destroys the node's claim, so trouble of our own is an error it repeats after.
    private func answer(_ window: SettlementWindow) async throws -> Orders_SettlementWithWindowResponse {
        var response = Orders_SettlementWithWindowResponse()
        do {
            guard let sums = try await settle(window) else {
                logger.info("settlement refused", metadata: ["node_id": "\(window.node)"])
                response.status = .rejected
                return response
            }
            for (action, bytes) in sums { response.actionSettled[action.rawValue] = bytes }
        } catch {
            logger.error(
                "settlement failed", metadata: ["node_id": "\(window.node)", "error": "\(error)"])
            throw RPCStatusError(.unavailable, "settlement is not possible now")
        }
        response.status = .accepted
        return response
    }

    static func node(of context: RPCContext) throws -> NodeID {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "no identity") }
        return peer.id
    }
}
