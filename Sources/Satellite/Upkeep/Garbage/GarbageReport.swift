package import StorageModel

/// How a collection went.
package struct GarbageReport: Sendable {
    /// Segments looked at.
    package internal(set) var segmentCount = 0
    /// What nodes count their pieces' age from; nil when no filter was sent.
    package internal(set) var created: Timestamp?
    /// Nodes, with the reason of those that took no filter.
    package internal(set) var outcomes: [NodeID: String?] = [:]
    /// Set when nothing was sent because filters are held back until then.
    package internal(set) var heldUntil: Timestamp?
    /// Bytes of all filters.
    package internal(set) var filterBytes = 0

    /// Nodes that took their filter.
    package var sentCount: Int { outcomes.values.count { $0 == nil } }

    init() {}
}
