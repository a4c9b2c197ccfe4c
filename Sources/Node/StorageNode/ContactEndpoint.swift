package import DRPC
import Identity
package import StorageModel
import Synchronization
import WireMessages

/// Answers a satellite's ping, which is how it knows that the node can be reached.
///
/// - Source: protocol document 3 §5.2.
package struct ContactEndpoint: Sendable {
    /// Whose pings are answered.
    let trust: TrustList
    /// When somebody trusted was last heard of.
    let lastContact: LastContact
    /// The node's clock.
    let clock: WallClock

    /// Answers for these satellites.
    package init(trust: TrustList, lastContact: LastContact, clock: WallClock) {
        self.trust = trust
        self.lastContact = lastContact
        self.clock = clock
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(ContactMethods.pingNode) { _, context in
            guard let peer = context.peer else {
                throw RPCStatusError(.unauthenticated, "a ping needs an identity")
            }
            guard trust.isTrusted(peer.id) else {
                throw RPCStatusError(.unauthenticated, "satellite \(peer.id) is not trusted")
            }
            lastContact.record(clock.now())
            return Node_ContactPingResponse()
        }
    }
}

/// When a satellite or client was last heard of.
package final class LastContact: Sendable {
    private let moment = Mutex<Timestamp?>(nil)

    /// Nobody was heard of yet.
    package init() {}

    /// The moment; nil when nobody was heard of since the start.
    package var value: Timestamp? { moment.withLock { $0 } }

    func record(_ now: Timestamp) { moment.withLock { $0 = now } }
}
