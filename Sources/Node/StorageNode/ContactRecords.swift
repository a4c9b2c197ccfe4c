package import StorageModel
import Synchronization

/// How the check-ins with one satellite go.
package struct NodeContact: Hashable, Sendable {
    /// The satellite.
    package let satellite: NodeID
    /// Its address.
    package let address: String
    /// When a check-in last succeeded since the start; nil for never.
    package var succeededAt: Timestamp?
    /// When one last failed since the start; nil for never.
    package var failedAt: Timestamp?
    /// Why the newest one failed; nil when it succeeded.
    package var problem: String?
    /// How far its clock was before this machine's at the last check-in; nil when it was not asked, or did not say.
    package var clockOffset: Duration?
}

/// What is known of check-ins.
final class ContactRecords: Sendable {
    private let contacts: Mutex<[NodeID: NodeContact]>

    init(_ satellites: [NodeURL]) {
        contacts = Mutex(
            Dictionary(
                satellites.map { ($0.id, NodeContact(satellite: $0.id, address: $0.address)) },
                uniquingKeysWith: { first, _ in first }))
    }

    func add(_ satellite: NodeURL) {
        contacts.withLock { $0[satellite.id] = NodeContact(satellite: satellite.id, address: satellite.address) }
    }

    func remove(_ satellite: NodeID) { contacts.withLock { _ = $0.removeValue(forKey: satellite) } }

    func address(of satellite: NodeID) -> String? { contacts.withLock { $0[satellite]?.address } }

    var all: [NodeContact] { contacts.withLock { $0.values.sorted { $0.satellite < $1.satellite } } }

    func note(_ satellite: NodeID, clockOffset: Duration?) {
        contacts.withLock { $0[satellite]?.clockOffset = clockOffset }
    }

    func note(_ satellite: NodeID, _ now: Timestamp, _ problem: String?) {
        contacts.withLock { contacts in
            contacts[satellite]?.problem = problem
            if problem == nil { contacts[satellite]?.succeededAt = now } else { contacts[satellite]?.failedAt = now }
        }
    }
}
