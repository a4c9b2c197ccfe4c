import StorageModel

/// Where a node was found when it checked in.
package struct NodeAddress: Hashable, Sendable {
    /// What the node said, `host:port`.
    package let reported: String
    /// `ip:port`.
    package let lastIPPort: String
    /// What counts as one place: the subnet, or `ip:port` where subnets do not matter.
    package let lastNet: String

    /// An address that was resolved before.
    package init(reported: String, lastIPPort: String, lastNet: String) {
        self.reported = reported
        self.lastIPPort = lastIPPort
        self.lastNet = lastNet
    }

    /// Resolves what a node says about itself.
    ///
    /// - Throws: `OverlayError.badAddress`.
    package static func resolve(
        _ reported: String, resolver: AddressResolver, allowPrivate: Bool, distinctSubnet: Bool
    ) async throws -> NodeAddress {
        guard reported.utf8.count <= 300,
            let (host, port) = NodeURL(id: NodeID(), address: reported).hostAndPort, port > 0, !host.isEmpty
        else { throw OverlayError.badAddress("it is not host:port") }
        let found: [IPAddress]
        if let literal = IPAddress(text: host) {
            found = [literal]
        } else {
            do { found = try await resolver.addresses(host) } catch let error as OverlayError { throw error } catch {
                throw OverlayError.badAddress("the name cannot be resolved: \(error)")
            }
        }
        guard let address = found.first(where: \.isIPv4) ?? found.first else {
            throw OverlayError.badAddress("the name has no address")
        }
        guard allowPrivate ? address.isUnicast : address.isGlobal else {
            throw OverlayError.badAddress("\(address) cannot be reached from the internet")
        }
        let text = address.text(port: port)
        return NodeAddress(
            reported: reported, lastIPPort: text, lastNet: distinctSubnet ? address.subnet.description : text)
    }
}
