import DRPC
import Identity
import NIOCore
import StorageModel
import TestSupport
import Testing
import WireMessages

/// What holds over TLS and in process alike.
@Suite struct CallTests {
    @Test(arguments: Transport.allCases)
    func `a unary call is answered and knows its caller`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            #expect(try await network.call(TestMethods.echo, "ping") == "re:ping")
            #expect(try await network.call(TestMethods.echo, "") == "re:")
            #expect(try await network.call(TestMethods.who, "") == "\(network.client.id) 127.0.0.1")
        }
    }

    @Test(arguments: Transport.allCases)
    func `errors arrive with their code and text, and those of no protocol arrive without theirs`(
        transport: Transport
    ) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let cases: [(RPCMethod<Blob, Blob>, String, RPCStatusError)] = [
                (TestMethods.fail, "coded", RPCStatusError(.notFound, "bucket not found: foo")),
                (TestMethods.fail, "empty", RPCStatusError(.unknown, "")),
                (TestMethods.fail, "other", RPCStatusError(.internal, "internal error")),
                (TestMethods.echo, "FAIL", RPCStatusError(.invalidArgument, "malformed message")),
                (TestMethods.unimplemented, "", RPCStatusError(.unimplemented, "Unimplemented")),
                (TestMethods.unknown, "", RPCStatusError(.unknown, "protocol error: unknown rpc: \"/svc.Svc/Nope\"")),
            ]
            for (method, request, expected) in cases {
                await #expect(throws: expected) { try await network.call(method, request) }
            }
            #expect(try await network.isAlive)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a stream carries messages both ways until the caller has sent its last`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            try await connection.withStream(TestMethods.bidi) { stream async throws in
                for index in 0..<100 {
                    let message = Blob(ByteBuffer(repeating: UInt8(index), count: index * 97))
                    try await stream.send(message)
                    #expect(try await stream.receive() == message)
                }
                stream.closeSend()
                #expect(try await stream.receive() == nil)
                await #expect(throws: RPCError.streamEnded) { try await stream.send(Blob("late")) }
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `a handler that does not read holds the sender back, and nothing is lost`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            let signals = network.signals
            let answer = try await connection.withStream(TestMethods.up) { stream async throws in
                let chunk = Blob(ByteBuffer(repeating: 1, count: 64 << 10))
                try await stream.send(chunk)
                #expect(await signals.next() == "started")
                async let rest: Void = {
                    for _ in 1..<600 { try await stream.send(chunk) }
                    signals.say("all sent")
                }()
                if let server = network.server {
                    // As much as the settings allow waits, and one read more.
                    let limit = RPCServerSettings().streamBufferSize
                    while server.bufferedByteCount < limit { await Task.yield() }
                    #expect(server.bufferedByteCount < limit + 400 << 10)
                }
                signals.say("gate opened")
                signals.openGate()
                #expect(await signals.next() == "gate opened")
                try await rest
                #expect(await signals.next() == "all sent")
                stream.closeSend()
                return try await stream.receive()
            }
            #expect(answer?.text == "\(600 * 64 << 10)")
            #expect(network.server?.bufferedByteCount ?? 0 == 0)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a caller that does not read holds the handler back, and nothing is lost`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            let total = try await connection.withStream(TestMethods.down) { stream async throws in
                try await stream.sendLast(Blob("600"))
                var total = 0
                total += try await stream.receive()?.bytes.readableBytes ?? 0
                network.signals.say("one received")
                // Nothing but the handler's end says "sent", and 37 MiB fit into no buffer on the way.
                #expect(await network.signals.next() == "one received")
                while let message = try await stream.receive() { total += message.bytes.readableBytes }
                return total
            }
            #expect(total == 600 * 64 << 10)
            #expect(await network.signals.next() == "sent")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a cancelled call cancels its handler`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let call = Task { try await network.call(TestMethods.slow, "slow") }
            #expect(await network.signals.next() == "started")
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await network.signals.next() == "cancelled")
            #expect(try await network.call(TestMethods.slow, "fast") == "fast")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a caller that leaves a stream early stops the handler that sends`(transport: Transport) async throws {
        struct Enough: Error {}
        try await TestNetwork.run(transport) { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            await #expect(throws: Enough.self) {
                try await connection.withStream(TestMethods.down) { stream async throws in
                    try await stream.sendLast(Blob("10000"))
                    #expect(try await stream.receive() != nil)
                    throw Enough()
                }
            }
            #expect(await network.signals.next() == "stopped")
            #expect(try await network.isAlive)
        }
    }

    @Test(arguments: Transport.allCases)
    func `what a handler has not read when it returns is dropped`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            try await connection.withStream(TestMethods.ignore) { stream async throws in
                #expect(try await stream.receive() == nil)
                let chunk = Blob(ByteBuffer(repeating: 1, count: 64 << 10))
                for _ in 0..<100 { try await stream.send(chunk) }
            }
            #expect(try await network.isAlive)
            #expect(network.server?.bufferedByteCount ?? 0 == 0)
        }
    }

    @Test(arguments: Transport.allCases)
    func `the wrong node, no node and nobody are told apart`(transport: Transport) async throws {
        try await TestNetwork.run(transport) { network async throws in
            let wrong = NodeURL(id: network.client.id, address: network.node.address)
            await #expect(throws: RPCError.wrongNodeID(expected: wrong.id, actual: network.node.id)) {
                try await network.dialer.connect(to: wrong)
            }
            await #expect(throws: RPCError.nodeIDMissing) {
                try await network.dialer.connect(to: NodeURL(id: NodeID(), address: network.node.address))
            }
            do {
                _ = try await network.dialer.connect(to: NodeURL(id: network.node.id, address: "127.0.0.1:1"))
                Issue.record("somebody answered on port 1")
            } catch let error as RPCError {
                #expect(error.isTransient)
            }
            #expect(try await network.isAlive)
        }
    }

    @Test func `in process a callee shows the identity it was registered with`() async throws {
        let callee = NodeIdentity.generate(random: .seeded(3)).peer
        let network = InProcessNetwork()
        network.register(TestMethods.router(Signals()), identity: callee, address: "there:2")
        let dialer = network.dialer(as: nil)
        let connection = try await dialer.connect(to: NodeURL(id: callee.id, address: "there:2"))
        #expect(connection.peer == callee)
        #expect(try await connection.call(TestMethods.who, Blob("")).text == "nobody 127.0.0.1")
    }

    @Test func `messages up to 4 MiB pass and longer ones are not sent`() async throws {
        try await TestNetwork.run { network async throws in
            let connection = try await network.dialer.connect(to: network.node)
            let largest = Blob(ByteBuffer(repeating: 3, count: 4 << 20))
            try await connection.withStream(TestMethods.bidi) { stream async throws in
                try await stream.send(largest)
                #expect(try await stream.receive() == largest)
            }
            await #expect(throws: RPCError.messageTooLarge(4 << 20 + 1)) {
                try await connection.call(TestMethods.echo, Blob(ByteBuffer(repeating: 3, count: 4 << 20 + 1)))
            }
            // The answer is three bytes longer than the request, and thereby too long.
            await #expect(throws: RPCStatusError.self) { try await connection.call(TestMethods.echo, largest) }
            #expect(try await network.isAlive)
        }
    }
}
