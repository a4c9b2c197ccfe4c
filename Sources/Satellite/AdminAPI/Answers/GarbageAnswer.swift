package import Foundation
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

    package init(_ report: GarbageReport?) {
        segmentCount = report?.segmentCount
        created = report?.created?.date
        sentCount = report?.sentCount ?? 0
        refusals = (report?.outcomes ?? [:])
            .compactMap { node, reason in reason.map { Refusal(node: "\(node)", reason: $0) } }
            .sorted { $0.node < $1.node }
    }
}
