package import StorageModel

/// Tells what pieces are worth, by what was known of all nodes at one moment.
///
/// - Source: protocol document 3 §6.5.
package struct PieceClassifier: Sendable {
    private let conditions: [NodeID: NodeCondition]
    private let placements: [Int32: PlacementRule]
    /// Places, numbered from 0.
    package let networkCount: Int
    /// Nodes that can be reached now.
    package let usableNodeCount: Int

    /// The conditions of all nodes.
    package init(conditions: [NodeID: NodeCondition], placements: [Int32: PlacementRule] = [:]) {
        self.conditions = conditions
        self.placements = placements
        networkCount = conditions.values.reduce(0) { max($0, $1.network + 1) }
        usableNodeCount = conditions.values.reduce(0) { $1.isMissing ? $0 : $0 + 1 }
    }

    /// What is known of a node.
    package func condition(of id: NodeID) -> NodeCondition { conditions[id] ?? .unknown }

    /// Whether a bucket's pieces may lie on a node; without a rule they may lie anywhere.
    package func isAllowed(_ id: NodeID, placement: Int32) -> Bool {
        placements[placement]?.allows(id, country: condition(of: id).country) ?? true
    }

    /// What the pieces of one segment are worth.
    ///
    /// Of pieces in one place that are in order otherwise, the first one given counts.
    /// - Parameter pieces: numbers and nodes, in any order.
    package func classify(_ pieces: [(number: Int, node: NodeID)], placement: Int32) -> PieceStates {
        let rule = placements[placement]
        var states = PieceStates(capacity: pieces.count)
        var places = Set<Int>(minimumCapacity: pieces.count)
        for (number, node) in pieces {
            let condition = condition(of: node)
            let isAllowed = rule?.allows(node, country: condition.country) ?? true
            states.append(number, Self.state(condition, isAllowed: isAllowed, places: &places))
        }
        return states
    }

    /// What one piece is worth; a healthy one takes its place.
    ///
    /// - Parameter places: places of the segment's healthy pieces so far.
    package static func state(_ node: NodeCondition, isAllowed: Bool, places: inout Set<Int>) -> PieceState {
        if node.isGone { return .lost }
        if node.isMissing { return .offline }
        if !isAllowed { return .outOfPlacement }
        if node.isSuspended { return .suspended }
        if node.isExiting { return .exiting }
        return places.insert(node.network).inserted ? .healthy : .clumped
    }
}
