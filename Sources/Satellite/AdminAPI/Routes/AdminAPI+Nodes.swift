import Hummingbird
import Market
import OperatorDoor
import Overlay
import StorageModel
import Upkeep

extension AdminAPI {
    func addNodes(to group: RouterGroup<DoorContext>) {
        group.get("nodes") { _, _ in Answer(NodesAnswer(nodes: self.nodeAnswers())) }
        group.get("nodes/:id") { _, context in
            Answer(try await self.details(of: try self.node(context)))
        }
        group.get("events") { request, _ in
            let events = try await self.overlay.nodeEvents(limit: try Self.limit(request))
            return Answer(NodeEventsAnswer(events: events.map(NodeEventAnswer.init)))
        }
    }

    /// What a list is asked to hold at most.
    private static func limit(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters["limit"] else { return 100 }
        guard let limit = Int(text), (1...10_000).contains(limit) else {
            throw HTTPError(.badRequest, message: "limit lies in 1…10000")
        }
        return limit
    }

    private func details(of node: NodeRecord) async throws -> NodeDetailsAnswer {
        NodeDetailsAnswer(
            node: NodeAnswer(node, isOnline: overlay.isOnline(node)),
            standing: NodeStanding(try await overlay.reputation(of: node.id)),
            audits: NodeAuditsAnswer(try await upkeep.audits.history(of: node.id)),
            heartbeats: try await market.history(of: node.id, limit: 5).map(HeartbeatsAnswer.Node.init),
            events: try await overlay.nodeEvents(of: node.id, limit: 20).map(NodeEventAnswer.init))
    }

    private func node(_ context: DoorContext) throws -> NodeRecord {
        let id: NodeID
        do { id = try NodeID(text: try context.parameters.require("id")) } catch is NodeIDError {
            throw HTTPError(.badRequest, message: "that is not the id of a node")
        }
        guard let node = overlay.record(of: id) else {
            throw HTTPError(.notFound, message: "no node with this id ever checked in")
        }
        return node
    }

    /// All nodes, oldest first.
    func nodeAnswers() -> [NodeAnswer] {
        overlay.nodes().map { NodeAnswer($0, isOnline: overlay.isOnline($0)) }
    }
}
