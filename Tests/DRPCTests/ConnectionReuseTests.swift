import DRPC
import Identity
import Logging
import NIOCore
import ServiceLifecycle
import StorageModel
import Testing
import WireMessages

@Suite struct ConnectionReuseTests {
    @Test func `one connection carries call after call, failed and cancelled ones included`() async throws {
        try await TestNetwork.run { network async throws in
            for index in 0..<50 {
                #expect(try await network.call(TestMethods.echo, "\(index)") == "re:\(index)")
                _ = try? await network.call(TestMethods.fail, "coded")
            }
            for _ in 0..<5 {
                let call = Task { try await network.call(TestMethods.slow, "slow") }
                #expect(await network.signals.next() == "started")
                call.cancel()
                _ = try? await call.value
                #expect(await network.signals.next() == "cancelled")
            }
            #expect(try await network.isAlive)
            #expect(network.server?.connectionCount == 1)
            #expect(network.tlsDialer?.idleConnectionCount == 1)
        }
    }

    @Test func `calls at the same time have connections of their own, and five are kept`() async throws {
        try await TestNetwork.run { network async throws in
            let calls = (0..<8).map { _ in Task { try await network.call(TestMethods.slow, "slow") } }
            for _ in calls { #expect(await network.signals.next() == "started") }
            #expect(network.server?.connectionCount == 8)
            for call in calls { call.cancel() }
            for call in calls { _ = try? await call.value }
            #expect(network.tlsDialer?.idleConnectionCount == 5)
        }
    }

    @Test func `an idle connection is closed after its time and a new one dialled`() async throws {
        var settings = RPCDialerSettings()
        settings.idleTimeout = .milliseconds(1)
        try await TestNetwork.run(dialerSettings: settings) { network async throws in
            #expect(try await network.isAlive)
            while network.tlsDialer?.idleConnectionCount != 0 { await Task.yield() }
            while network.server?.connectionCount != 0 { await Task.yield() }
            #expect(try await network.isAlive)
        }
    }

    @Test func `a server closes connections that idle beyond its own time`() async throws {
        var settings = RPCServerSettings()
        // Long enough for a handshake on a busy machine, short enough to wait for.
        settings.idleTimeout = .seconds(10)
        try await TestNetwork.run(settings: settings) { network async throws in
            #expect(try await network.isAlive)
            while network.server?.connectionCount != 0 { await Task.yield() }
            // The dialer notices that its idle connection is gone.
            #expect(try await network.isAlive)
        }
    }

    @Test func `a graceful shutdown lets a call finish and closes everything`() async throws {
        let signals = Signals()
        try await TestNetwork.run(router: TestMethods.router(signals)) { network async throws in
            // A second server of the same parts, run as a service.
            let server = try RPCServer(
                identity: network.client, router: TestMethods.router(signals), settings: RPCServerSettings(),
                eventLoops: network.eventLoops, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let address = try await server.bind()
            let group = ServiceGroup(
                services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            async let run: Void = group.run()
            let connection = try await network.dialer.connect(to: .init(id: network.client.id, address: address))
            let answer = try await connection.withStream(TestMethods.up) { stream async throws in
                try await stream.send(Blob("12345"))
                #expect(await signals.next() == "started")
                await group.triggerGracefulShutdown()
                signals.openGate()
                stream.closeSend()
                return try await stream.receive()
            }
            #expect(answer?.text == "5")
            try await run
            #expect(server.connectionCount == 0)
        }
    }
}
