package import Foundation
package import Overlay

/// The satellite at a glance.
package struct StatusAnswer: Codable, Hashable, Sendable {
    /// Nodes by what they are to the satellite.
    package struct Nodes: Codable, Hashable, Sendable {
        package let total: Int
        package let online: Int
        package let offline: Int
        package let suspended: Int
        package let exiting: Int
        package let exited: Int
        package let disqualified: Int
        /// Nodes that have proven themselves, of those that still take part.
        package let vetted: Int
        /// Nodes that still owe an answer to an audit.
        package let contained: Int
        /// Free bytes of the nodes online.
        package let freeDisk: Int64

        /// Counts nodes without writing down all that is known of each: there may be thousands.
        package init(_ records: [NodeRecord], isOnline: (NodeRecord) -> Bool) {
            let nodes = records.map { (record: $0, state: NodeAnswer.State($0, isOnline: isOnline($0))) }
            func count(_ state: NodeAnswer.State) -> Int { nodes.count { $0.state == state } }
            total = nodes.count
            online = count(.online)
            offline = count(.offline)
            suspended = count(.suspended)
            exiting = count(.exiting)
            exited = count(.exited)
            disqualified = count(.disqualified)
            vetted = nodes.count { $0.record.vettedAt != nil && $0.state != .disqualified && $0.state != .exited }
            contained = records.count { $0.isContained }
            freeDisk = nodes.reduce(0) { sum, node in
                node.state == .online ? sum.addingClamped(node.record.freeDisk) : sum
            }
        }
    }

    /// The satellite's node id.
    package let id: String
    package let startedAt: Date
    package let now: Date
    package let nodes: Nodes
    package let loop: LoopAnswer
    package let durability: DurabilityAnswer
    /// Until when nodes are not told what to throw away; nil when they are.
    package let garbageHeldUntil: Date?
    package let chores: [ChoreAnswer]
    /// What an operator should look at, one sentence each, the gravest first; empty when all is well.
    package let attention: [String]

    package init(
        id: String, startedAt: Date, now: Date, nodes: Nodes, loop: LoopAnswer, durability: DurabilityAnswer,
        garbageHeldUntil: Date? = nil, chores: [ChoreAnswer]
    ) {
        self.id = id
        self.startedAt = startedAt
        self.now = now
        self.nodes = nodes
        self.loop = loop
        self.durability = durability
        self.garbageHeldUntil = garbageHeldUntil
        self.chores = chores
        attention = Attention(
            startedAt: startedAt, now: now, nodes: nodes, loop: loop, durability: durability,
            garbageHeldUntil: garbageHeldUntil, chores: chores
        ).sentences
    }
}

extension Int64 {
    /// The sum, or the largest number: what nodes say of themselves may be anything.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
