import Installation
import NIOCore
import PortMapping
import StorageModel

extension PortMapper {
    private static let upnpPort = 1900

    /// Asks the router that the settings name, or else the one of the default route.
    ///
    /// - Throws: `SettingsError` for what is no address of a router.
    init(_ values: SettingsValues) throws {
        let text = values.text("map_port_router")
        guard !text.isEmpty else {
            self.init()
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1)
        let (host, port) = IPAddress(text: text) == nil && parts.count == 2 ? (String(parts[0]), Int(parts[1])) : (text, NATPMP.port)
        guard let router = IPAddress(text: host), let port, (1...65535).contains(port) else {
            throw values.refusal(of: "map_port_router", expected: "a router's address such as 192.168.1.1")
        }
        // Devices that are searched by name answer only for themselves (UPnP Device Architecture 1.1, section 1.3.2).
        self.init(router: { router }, natPMPPort: port, search: try SocketAddress(ipAddress: host, port: Self.upnpPort))
    }
}
