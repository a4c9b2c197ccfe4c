package import DRPC
package import Identity
package import PortMapping

/// What the wizard needs of the program that serves it: the node's folder and what is written there.
package struct SetupHooks: Sendable {
    /// Has a port of the router lead to one of this machine.
    package typealias MapPort = @Sendable (_ internal: UInt16, _ external: UInt16) async throws -> MappedPort

    /// The node's folder, as people name it.
    package let folder: String
    /// The identity in the folder; nil when there is none.
    package let identity: @Sendable () throws -> NodeIdentity?
    /// Makes an identity and tells how many keys were tried.
    package let makeIdentity: @Sendable (_ difficulty: Int, _ tried: @escaping @Sendable (Int) -> Void) async throws -> Void
    /// Bytes of the folder's disk, free and in all.
    package let disk: @Sendable () throws -> (free: Int64, total: Int64)
    /// Writes the settings: with that the node is set up.
    package let finish: @Sendable (_ settings: [String: String]) async throws -> Void
    /// The threads that satellites are spoken to on.
    package let eventLoops: RPCEventLoops
    /// Asks the router for a port.
    package let mapPort: MapPort

    /// All hooks.
    package init(
        folder: String, identity: @escaping @Sendable () throws -> NodeIdentity?,
        makeIdentity: @escaping @Sendable (_ difficulty: Int, _ tried: @escaping @Sendable (Int) -> Void) async throws -> Void,
        disk: @escaping @Sendable () throws -> (free: Int64, total: Int64),
        finish: @escaping @Sendable (_ settings: [String: String]) async throws -> Void, eventLoops: RPCEventLoops,
        mapPort: @escaping MapPort
    ) {
        self.folder = folder
        self.identity = identity
        self.makeIdentity = makeIdentity
        self.disk = disk
        self.finish = finish
        self.eventLoops = eventLoops
        self.mapPort = mapPort
    }
}
