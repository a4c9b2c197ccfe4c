import DRPC
import Identity
import Logging
import NIOCore
import StorageModel
import TestSupport
import WireMessages

/// The two ways a call can take.
enum Transport: CaseIterable, Sendable {
    case tls, inProcess
}

/// A server and somebody who calls it.
struct TestNetwork: Sendable {
    let node: NodeURL
    let dialer: any RPCDialer
    let client: NodeIdentity
    let signals: Signals
    /// Nil in process.
    let server: RPCServer?
    let tlsDialer: TLSDialer?
    let eventLoops: RPCEventLoops

    /// Runs `body` while the server serves.
    static func run<Result: Sendable>(
        _ transport: Transport = .tls, settings: RPCServerSettings = RPCServerSettings(),
        dialerSettings: RPCDialerSettings = RPCDialerSettings(), router: RPCRouter? = nil,
        _ body: @Sendable (TestNetwork) async throws -> Result
    ) async throws -> Result {
        let signals = Signals()
        let router = router ?? TestMethods.router(signals)
        let client = NodeIdentity.generate(random: .seeded(1))
        let identity = NodeIdentity.generate(random: .seeded(2))
        let eventLoops = RPCEventLoops(threadCount: 2)
        guard transport == .tls else {
            let network = InProcessNetwork()
            network.register(router, id: identity.id, address: "there:1")
            let result = try await body(
                TestNetwork(
                    node: NodeURL(id: identity.id, address: "there:1"), dialer: network.dialer(as: client.peer),
                    client: client, signals: signals, server: nil, tlsDialer: nil, eventLoops: eventLoops))
            await eventLoops.shutdown()
            return result
        }
        let server = try RPCServer(
            identity: identity, router: router, settings: settings, eventLoops: eventLoops,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let address = try await server.bind()
        let dialer = try TLSDialer(identity: client, settings: dialerSettings, eventLoops: eventLoops)
        let network = TestNetwork(
            node: NodeURL(id: identity.id, address: address), dialer: dialer, client: client, signals: signals,
            server: server, tlsDialer: dialer, eventLoops: eventLoops)
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            do {
                let result = try await body(network)
                group.cancelAll()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
        await dialer.close()
        await eventLoops.shutdown()
        return result
    }

    /// Makes a unary call with texts.
    func call(_ method: RPCMethod<Blob, Blob>, _ text: String) async throws -> String {
        try await dialer.connect(to: node).call(method, Blob(text)).text
    }

    /// Whether the server still answers.
    var isAlive: Bool {
        get async throws { try await call(TestMethods.echo, "alive") == "re:alive" }
    }
}
