import AsyncHTTPClient
import Chores
import Foundation
import NIOCore
import NIOHTTP1
import StorageModel

/// Maps ports at a router that speaks UPnP.
struct UPnPClient: Sendable {
    private static let waits = [Duration.seconds(1), .seconds(2)]
    private static let timeout = TimeAmount.seconds(15)
    private static let name = "storj node"

    private let search: SocketAddress?
    private let sleeper: Sleeper

    /// - Parameter search: where devices are searched; nil for everywhere around.
    init(search: SocketAddress?, sleeper: Sleeper) {
        self.search = search
        self.sleeper = sleeper
    }

    /// Has a port of the router lead to one of this machine.
    ///
    /// - Throws: `PortMappingError`; an error of the system or of HTTP.
    func map(internal port: UInt16, external: UInt16) async throws -> MappedPort {
        try await withRouter { client, gateway, own in
            let address = try await externalAddress(client, gateway)
            var lifetime: Duration? = PortMapper.lease
            do {
                try await add(client, gateway, own, port, external, lease: PortMapper.lease.components.seconds)
            } catch let failure as Failure where failure.code == InternetGateway.permanentLeasesOnly {
                try await add(client, gateway, own, port, external, lease: 0)
                lifetime = nil
            }
            return MappedPort(
                way: .upnp, externalAddress: address, externalPort: external, internalPort: port, lifetime: lifetime)
        }
    }

    /// Gives a port back.
    ///
    /// - Throws: `PortMappingError`; an error of the system or of HTTP.
    func release(_ port: MappedPort) async throws {
        try await withRouter { client, gateway, _ in
            _ = try await call(
                client, gateway, "DeletePortMapping",
                [("NewRemoteHost", ""), ("NewExternalPort", "\(port.externalPort)"), ("NewProtocol", "TCP")])
        }
    }

    /// An action that the router did not do.
    private struct Failure: Error {
        let code: Int
        let text: String
    }

    private func withRouter<Value: Sendable>(
        _ body: (HTTPClient, InternetGateway, _ own: IPAddress) async throws -> Value
    ) async throws -> Value {
        let address = try search ?? SocketAddress(ipAddress: InternetGateway.searchAddress, port: InternetGateway.searchPort)
        let question = Question(bytes: InternetGateway.search, address: address, waits: Self.waits)
        let found = try await question.ask(sleeper: sleeper) { sender, bytes in
            InternetGateway.location(in: bytes, from: sender).map { ($0, sender) }
        }
        guard let (location, router) = found else { throw PortMappingError.silence(.upnp) }
        guard let own = try await Question.ownAddress(toward: router) else { throw PortMappingError.noRouter }
        // A device's word is not followed to other machines: no redirects.
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
        do {
            let description = try await bytes(client, HTTPClientRequest(url: location.absoluteString)).body
            guard let gateway = try InternetGateway.find(in: description, at: location) else {
                throw PortMappingError.malformed(.upnp, "it has no service that maps ports")
            }
            let value = try await body(client, gateway, own)
            try await client.shutdown()
            return value
        } catch {
            try await client.shutdown()
            if let failure = error as? Failure { throw PortMappingError.refused(.upnp, failure.text) }
            throw error
        }
    }

    private func externalAddress(_ client: HTTPClient, _ gateway: InternetGateway) async throws -> IPAddress {
        let values = try await call(client, gateway, "GetExternalIPAddress", [])
        guard let address = values["NewExternalIPAddress"].flatMap({ IPAddress(text: $0) }) else {
            throw PortMappingError.malformed(.upnp, "it has no address outside itself")
        }
        return address
    }

    private func add(
        _ client: HTTPClient, _ gateway: InternetGateway, _ own: IPAddress, _ port: UInt16, _ external: UInt16, lease: Int64
    ) async throws {
        _ = try await call(
            client, gateway, "AddPortMapping",
            [
                ("NewRemoteHost", ""), ("NewExternalPort", "\(external)"), ("NewProtocol", "TCP"),
                ("NewInternalPort", "\(port)"), ("NewInternalClient", "\(own)"), ("NewEnabled", "1"),
                ("NewPortMappingDescription", Self.name), ("NewLeaseDuration", "\(lease)"),
            ])
    }

    private func call(
        _ client: HTTPClient, _ gateway: InternetGateway, _ action: String, _ arguments: [(name: String, value: String)]
    ) async throws -> [String: String] {
        var request = HTTPClientRequest(url: gateway.control.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "text/xml; charset=\"utf-8\"")
        request.headers.add(name: "soapaction", value: "\"\(gateway.service)#\(action)\"")
        request.body = .bytes(ByteBuffer(string: gateway.request(action, arguments)))
        let (status, body) = try await bytes(client, request)
        // Failures come with status 500 and a body that says which.
        guard status == 200 || status == 500 else {
            throw PortMappingError.malformed(.upnp, "status \(status)")
        }
        switch try InternetGateway.answer(body, to: action) {
        case .done(let values): return values
        case .failed(let code, let text): throw Failure(code: code, text: text)
        }
    }

    private func bytes(_ client: HTTPClient, _ request: HTTPClientRequest) async throws -> (status: UInt, body: [UInt8]) {
        let answer = try await client.execute(request, timeout: Self.timeout)
        let body = try await answer.body.collect(upTo: InternetGateway.largestDocument)
        return (answer.status.code, Array(body.readableBytesView))
    }
}
