package import Foundation
package import StorageModel
package import Upkeep

/// How the last collection of garbage went; all nil or empty before the first since the satellite started.
package struct GarbageAnswer: Codable, Hashable, Sendable {
    /// A node that took no filter.
    package struct Refusal: Codable, Hashable, Sendable {
        package let node: String
        package let reason: String
    }

    /// Segments looked at; nil when there was no collection yet.
    package let segmentCount: Int?
    /// Pieces stored after this moment were not judged.
    package let created: Date?
    /// Nodes that were told what to keep.
    package let sentCount: Int
    /// Nodes that could not be told; they keep their garbage until the next time.
    package let refusals: [Refusal]
    /// Bytes of all filters.
    package let filterBytes: Int
    /// Until when no filters are sent, because the satellite may be a restored backup or its operator said so.
    package let heldUntil: Date?

    package init(_ report: GarbageReport?, heldUntil: Timestamp? = nil, now: Timestamp? = nil) {
        segmentCount = report?.segmentCount
        created = report?.created?.date
        sentCount = report?.sentCount ?? 0
        refusals = Refusal.list(report?.outcomes ?? [:])
        filterBytes = report?.filterBytes ?? 0
        // A hold that is over stays written down until the next collection.
        self.heldUntil = heldUntil.flatMap { end in now.map { $0 < end } ?? true ? end.date : nil }
    }
}

/// Which nodes took back what was in their trash.
package struct RestoredTrashAnswer: Codable, Hashable, Sendable {
    package let restoredCount: Int
    /// They are asked again with every collection while filters are held back.
    package let refusals: [GarbageAnswer.Refusal]

    package init(_ outcomes: [NodeID: String?]) {
        restoredCount = outcomes.values.count { $0 == nil }
        refusals = GarbageAnswer.Refusal.list(outcomes)
    }
}

extension GarbageAnswer.Refusal {
    /// The nodes that gave a reason, by id.
    fileprivate static func list(_ outcomes: [NodeID: String?]) -> [GarbageAnswer.Refusal] {
        outcomes.compactMap { node, reason in reason.map { .init(node: "\(node)", reason: $0) } }
            .sorted { $0.node < $1.node }
    }
}
