import Hummingbird
import Overlay
import StorageModel

extension AdminAPI {
    func addNodes(to group: RouterGroup<AdminContext>) {
        group.get("nodes") { _, _ in Answer(NodesAnswer(nodes: self.nodeAnswers())) }
        group.get("nodes/:id") { _, context in
            let node = try self.node(context)
            return Answer(NodeAnswer(node, isOnline: self.overlay.isOnline(node)))
        }
    }

    private func node(_ context: AdminContext) throws -> NodeRecord {
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
