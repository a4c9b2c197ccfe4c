import Foundation
import StorageModel

/// Events as one JSON text.
///
/// ```
/// {"events":[{"at":1767225600,"email":"","event":"offline","id":7,"node":"12vha9…"}]}
/// ```
struct EventMessage: Codable, Hashable {
    struct Event: Codable, Hashable {
        /// Counted up; the same event may come twice.
        let id: Int64
        /// The node's id in Base58.
        let node: String
        /// The event's name.
        let event: String
        /// Seconds since 1970.
        let at: Int64
        /// What the node gave as its operator's address; not verified.
        let email: String
    }

    let events: [Event]

    init(_ events: [NodeEvent]) {
        self.events = events.map { event in
            Event(
                id: event.id, node: "\(event.nodeID)", event: event.kind.name, at: event.createdAt.seconds,
                email: event.email)
        }
    }

    /// The text, with sorted keys.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
