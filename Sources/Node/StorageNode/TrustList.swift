package import DRPC
package import Identity
package import Logging
package import StorageModel
import Synchronization
import WireMessages

/// The satellites a node works for, and the keys their order limits are signed with.
///
/// A satellite's key is learned by dialling it: the chain it shows in the handshake must hash to the listed id.
/// - Source: protocol document 3 §8.
package final class TrustList: Sendable {
    private let urls: Mutex<[NodeID: NodeURL]>
    private let dialer: any RPCDialer
    private let logger: Logger
    private let identities = Mutex<[NodeID: PeerIdentity]>([:])
    /// Satellites that the node has left.
    private let left = Mutex<Set<NodeID>>([])
    /// Customers without a satellite: they sign their own order limits, and nobody can dial them.
    private let customers = Mutex<[NodeID: PeerIdentity]>([:])

    /// The list with these satellites.
    package init(satellites: [NodeURL], dialer: any RPCDialer, logger: Logger) {
        urls = Mutex(Dictionary(satellites.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        self.dialer = dialer
        self.logger = logger
    }

    /// The satellites, ordered by id, with those the node has left: they may still owe it something.
    package var satellites: [NodeURL] { urls.withLock { $0 }.values.sorted { $0.id < $1.id } }

    /// The satellites the node works for, ordered by id.
    package var activeSatellites: [NodeURL] { satellites.filter { isTrusted($0.id) } }

    /// Whether a satellite is on the list and the node has not left it, or somebody is a customer of the node's own.
    package func isTrusted(_ id: NodeID) -> Bool {
        (url(of: id) != nil && !left.withLock { $0.contains(id) }) || isCustomer(id)
    }

    /// Whether somebody is a customer of the node's own.
    package func isCustomer(_ id: NodeID) -> Bool { customers.withLock { $0[id] != nil } }

    /// Works for a customer that has shown who it is and that it can pay. A satellite on the list stays one.
    package func admit(_ customer: PeerIdentity) {
        guard url(of: customer.id) == nil else { return }
        customers.withLock { $0[customer.id] = customer }
    }

    /// Works for one more satellite; one that is on the list is reached at this address from now on.
    func add(_ satellite: NodeURL) {
        urls.withLock { $0[satellite.id] = satellite }
        left.withLock { _ = $0.remove(satellite.id) }
    }

    /// Takes a satellite off the list.
    func remove(_ id: NodeID) {
        urls.withLock { _ = $0.removeValue(forKey: id) }
        identities.withLock { _ = $0.removeValue(forKey: id) }
    }

    private func url(of id: NodeID) -> NodeURL? { urls.withLock { $0[id] } }

    /// Works for a satellite no longer.
    func leave(_ id: NodeID) { left.withLock { _ = $0.insert(id) } }

    /// The identity of a satellite on the list, dialled at the first need and kept, or of a customer.
    ///
    /// - Throws: `TrustError.untrusted`, or `.unreachable` when it does not answer now.
    package func identity(of id: NodeID) async throws -> PeerIdentity {
        if let known = identities.withLock({ $0[id] }) ?? customers.withLock({ $0[id] }) { return known }
        guard let url = url(of: id) else { throw TrustError.untrusted(id) }
        do {
            let connection = try await dialer.connect(to: url)
            _ = try await connection.call(NodeMethods.getTime, Node_GetTimeRequest())
            guard let peer = connection.peer else { throw TrustError.unreachable(id) }
            try peer.verify(is: id)
            identities.withLock { $0[id] = peer }
            return peer
        } catch {
            logger.warning(
                "satellite cannot be reached for its key", metadata: ["satellite": "\(id)", "error": "\(error)"])
            throw TrustError.unreachable(id)
        }
    }
}

/// Why there is no key of a satellite.
package enum TrustError: Error, Equatable {
    /// It is not on the list.
    case untrusted(NodeID)
    /// It is on the list and does not answer now.
    case unreachable(NodeID)
}
