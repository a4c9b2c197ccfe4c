internal import DRPCWire
package import Identity
internal import Logging
internal import NIOCore
package import StorageModel
internal import Synchronization
internal import WireMessages

/// A network without sockets: calls go straight to routers of the same process, by the same streams as over TLS.
package final class InProcessNetwork: Sendable {
    private struct Place {
        let router: RPCRouter
        let id: NodeID
        let identity: PeerIdentity?
    }

    private let places = Mutex<[String: Place]>([:])

    /// A network with nobody in it.
    package init() {}

    /// Answers at `address` with the methods of `router`; replaces who answered there before.
    package func register(_ router: RPCRouter, id: NodeID, address: String) {
        places.withLock { $0[address] = Place(router: router, id: id, identity: nil) }
    }

    /// Answers at `address` as somebody whose identity callers can see.
    package func register(_ router: RPCRouter, identity: PeerIdentity, address: String) {
        places.withLock { $0[address] = Place(router: router, id: identity.id, identity: identity) }
    }

    /// Lets nobody answer at `address` any more.
    package func unregister(address: String) {
        places.withLock { $0[address] = nil }
    }

    /// A dialer whose calls reach handlers as coming from `peer`.
    package func dialer(as peer: PeerIdentity?) -> any RPCDialer {
        InProcessDialer(network: self, peer: peer)
    }

    fileprivate func place(of node: NodeURL) throws(RPCError) -> (router: RPCRouter, identity: PeerIdentity?) {
        guard !node.id.isZero else { throw .nodeIDMissing }
        guard let place = places.withLock({ $0[node.address] }) else {
            throw .dialFailed(address: node.address, reason: "nobody is registered there")
        }
        guard place.id == node.id else { throw .wrongNodeID(expected: node.id, actual: place.id) }
        return (place.router, place.identity)
    }
}

private struct InProcessDialer: RPCDialer {
    let network: InProcessNetwork
    let peer: PeerIdentity?

    func connect(to node: NodeURL) async throws -> any RPCConnection {
        let identity = try network.place(of: node).identity
        return InProcessConnection(network: network, node: node, caller: peer, peer: identity)
    }
}

private struct InProcessConnection: RPCConnection {
    let network: InProcessNetwork
    let node: NodeURL
    let caller: PeerIdentity?

    /// As registered: proving identities is the business of TLS.
    let peer: PeerIdentity?

    func withStream<Request: WireMessage, Response: WireMessage, Result>(
        _ method: RPCMethod<Request, Response>,
        _ body: (RPCClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        let router = try network.place(of: node).router
        let (near, far) = DirectLink.pair()
        let context = RPCContext(peer: caller, path: method.path)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await router.serve(far, context, logger: Logger(label: "in-process") { _ in SwiftLogNoOpLogHandler() })
            }
            do {
                let result = try await body(RPCClientStream(near))
                near.put(.close)
                near.finishReceiving()
                try await group.waitForAll()
                return result
            } catch {
                near.put(.cancel)
                near.finishReceiving()
                group.cancelAll()
                throw error
            }
        }
    }
}
