import Foundation
package import StorageModel

/// The segments chosen for one node: the more bytes a segment has, the likelier it is chosen.
///
/// Every offer draws a key −ln(u) / weight with u uniform in (0, 1]; the smallest keys stay. So a node with much data
/// and one with little get as many audits, and every byte of a node is as likely to be looked at as any other.
///
/// - Source: protocol document 3 §6.2; Efraimidis and Spirakis 2006.
package struct AuditReservoir: Sendable {
    /// A segment with its draw.
    package struct Choice: Sendable {
        /// The smaller, the earlier.
        package let key: Double
        /// Where the segment is.
        package let place: SegmentPlace
        /// The root of its pieces, which copies share.
        package let root: PieceID
    }

    /// Ascending by key, `capacity` at most.
    package private(set) var choices: [Choice] = []
    /// Keys from here on are not taken: infinite while there is room.
    package private(set) var limit = Double.infinity
    private let capacity: Int

    /// An empty reservoir for `capacity` segments, at least 1.
    package init(capacity: Int) {
        precondition(capacity >= 1, "a node is audited")
        self.capacity = capacity
    }

    /// The number that random bits stand for, in (0, 1].
    package static func uniform(_ bits: UInt64) -> Double { (Double(bits >> 11) + 1) * 0x1p-53 }

    /// Whether an offer with this draw can be taken at all: −ln(u) is never less than 1 − u, which costs no log.
    @inline(__always) static func isPromising(_ uniform: Double, weight: Double, limit: Double) -> Bool {
        1 - uniform < limit * weight
    }

    /// Offers a segment.
    ///
    /// - Parameters:
    ///   - weight: greater than 0.
    ///   - uniform: drawn for this offer, in (0, 1].
    package mutating func offer(_ place: SegmentPlace, root: PieceID, weight: Double, uniform: Double) {
        insert(Choice(key: -log(uniform) / weight, place: place, root: root))
    }

    /// Takes in what was chosen elsewhere, for the same node.
    package mutating func merge(_ other: AuditReservoir) {
        for choice in other.choices { insert(choice) }
    }

    private mutating func insert(_ choice: Choice) {
        guard choice.key < limit else { return }
        let index = choices.firstIndex { choice.key < $0.key } ?? choices.endIndex
        choices.insert(choice, at: index)
        if choices.count > capacity { choices.removeLast() }
        if choices.count == capacity { limit = choices[capacity - 1].key }
    }
}
