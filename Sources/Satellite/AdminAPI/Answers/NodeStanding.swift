package import Foundation
package import Overlay

/// What audits have shown of a node.
package struct NodeStanding: Codable, Hashable, Sendable {
    /// Shares of good outcomes, `0...1`, the old ones weighing less.
    package let auditScore: Double
    package let unknownScore: Double
    package let onlineScore: Double
    package let totalAudits: Int64
    package let successes: Int64

    package init(_ reputation: Reputation) {
        auditScore = reputation.audit.score
        unknownScore = reputation.unknown.score
        onlineScore = reputation.history.score
        totalAudits = reputation.totalAudits
        successes = reputation.successes
    }
}

/// Something that happened to a node.
package struct NodeEventAnswer: Codable, Hashable, Sendable {
    package let node: String
    /// What, in one word: `offline`, `disqualified`, `exit-started`, …
    package let kind: String
    package let time: Date
    /// When all senders had it; nil while it waits to be sent.
    package let sentAt: Date?

    package init(_ event: NodeEvent) {
        node = "\(event.nodeID)"
        kind = event.kind.name
        time = event.createdAt.date
        sentAt = event.sentAt?.date
    }
}

/// What happened to nodes.
package struct NodeEventsAnswer: Codable, Hashable, Sendable {
    /// Newest first.
    package let events: [NodeEventAnswer]

    package init(events: [NodeEventAnswer]) { self.events = events }
}

/// How audits of a node went that were not plain successes, and what it owes.
package struct NodeAuditsAnswer: Codable, Hashable, Sendable {
    package struct Row: Codable, Hashable, Sendable {
        package let time: Date
        package let kind: String
        package let result: String
        /// `stream/part/index`, and the piece of it.
        package let segment: String
        package let pieceNumber: Int
        package let detail: String

        package init(
            time: Date, kind: String, result: String, segment: String, pieceNumber: Int, detail: String
        ) {
            self.time = time
            self.kind = kind
            self.result = result
            self.segment = segment
            self.pieceNumber = pieceNumber
            self.detail = detail
        }
    }

    package let successes: Int
    package let failures: Int
    package let unknowns: Int
    package let offlines: Int
    package let lastAudit: Date?
    package let lastSuccess: Date?
    /// Pieces that the node still has to show, oldest first.
    package let owed: [Row]
    /// Newest first.
    package let rows: [Row]

    package init(
        successes: Int, failures: Int, unknowns: Int, offlines: Int, lastAudit: Date?, lastSuccess: Date?, owed: [Row],
        rows: [Row]
    ) {
        self.successes = successes
        self.failures = failures
        self.unknowns = unknowns
        self.offlines = offlines
        self.lastAudit = lastAudit
        self.lastSuccess = lastSuccess
        self.owed = owed
        self.rows = rows
    }
}

/// All a satellite knows of one node; parts it knows nothing of are absent.
package struct NodeDetailsAnswer: Codable, Hashable, Sendable {
    package let node: NodeAnswer
    package let standing: NodeStanding?
    package let audits: NodeAuditsAnswer?
    /// Newest first.
    package let heartbeats: [HeartbeatsAnswer.Node]
    /// Newest first.
    package let events: [NodeEventAnswer]

    package init(
        node: NodeAnswer, standing: NodeStanding?, audits: NodeAuditsAnswer?, heartbeats: [HeartbeatsAnswer.Node],
        events: [NodeEventAnswer]
    ) {
        self.node = node
        self.standing = standing
        self.audits = audits
        self.heartbeats = heartbeats
        self.events = events
    }
}
