package import StorageModel

/// A way of asking a router for a port.
package enum PortMappingWay: String, Sendable, CustomStringConvertible {
    case natPMP = "NAT-PMP"
    case upnp = "UPnP"

    package var description: String { rawValue }
}

/// A TCP port of the router that leads to a port of this machine.
package struct MappedPort: Sendable, Hashable {
    /// How the router was asked.
    package let way: PortMappingWay
    /// The address the router has outside.
    package let externalAddress: IPAddress
    package let externalPort: UInt16
    package let internalPort: UInt16
    /// After this the router forgets it; nil when it does not.
    package let lifetime: Duration?

    package init(
        way: PortMappingWay, externalAddress: IPAddress, externalPort: UInt16, internalPort: UInt16, lifetime: Duration?
    ) {
        self.way = way
        self.externalAddress = externalAddress
        self.externalPort = externalPort
        self.internalPort = internalPort
        self.lifetime = lifetime
    }

    /// Whether the internet reaches the router; otherwise the provider has a router of its own before it (CGNAT).
    package var isPublic: Bool { externalAddress.isGlobal }
}

/// Why no router passes the port on.
package enum PortMappingError: Error, Hashable, CustomStringConvertible {
    /// The machine has no way out of its own network.
    case noRouter
    /// Nobody answered.
    case silence(PortMappingWay)
    /// The router said no, in words.
    case refused(PortMappingWay, String)
    /// What came back is not what the protocol says.
    case malformed(PortMappingWay, String)
    /// Neither way led anywhere.
    indirect case everyWay([PortMappingError])

    package var description: String {
        switch self {
        case .noRouter: "this machine has no router: it has no default route"
        case .silence(let way): "no router answers \(way)"
        case .refused(let way, let why): "the router refuses by \(way): \(why)"
        case .malformed(let way, let what): "the router's answer by \(way) cannot be read: \(what)"
        case .everyWay(let errors): errors.map(\.description).joined(separator: "; ")
        }
    }
}
