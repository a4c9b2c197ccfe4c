import DRPC
import DRPCWire
import Identity
import NIOCore
import StorageModel
import Testing
import WireMessages

/// Whatever a peer sends: its connection is closed, the server lives and holds nothing.
@Suite struct HostilePeerTests {
    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "DRPC!!!2", "DRPC!N!1", "X", "\u{15}", "DRPX", "\0\0\0\0\0\0\0\0"])
    func `other words than the header close the connection`(words: String) async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.plain(network.node.address)
            await peer.send(Array(words.utf8))
            await peer.waitForClose()
            #expect(try await network.isAlive)
        }
    }

    @Test(arguments: ["", "DRPC!", "DRPC!!!1", "DRPC!!!1\u{16}\u{03}\u{01}\u{05}", "\u{16}\u{03}\u{01}"])
    func `whoever stops before the end of the handshake is closed in time`(words: String) async throws {
        var settings = RPCServerSettings()
        settings.handshakeTimeout = .milliseconds(100)
        try await TestNetwork.run(settings: settings) { network async throws in
            let peer = try await RawPeer.plain(network.node.address)
            await peer.send(Array(words.utf8))
            await peer.waitForClose()
        }
    }

    @Test func `garbage in the place of TLS closes the connection`() async throws {
        try await TestNetwork.run { network async throws in
            for seed in 0..<20 as Range<UInt64> {
                let peer = try await RawPeer.plain(network.node.address)
                var generator = SystemRandomNumberGenerator()
                let garbage = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
                await peer.send(Array("DRPC!!!1".utf8) + (seed % 2 == 0 ? [0x16, 0x03, 0x01] : [0xff]) + garbage)
                await peer.close()
            }
            #expect(try await network.isAlive)
        }
    }

    @Test func `TLS without the header is let through`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, header: "", identity: network.client)
            await peer.send([0x03, 1, 1, 13] + Array("/svc.Svc/Echo".utf8) + [0x05, 1, 2, 1, 0x61, 0x0d, 1, 3, 0])
            #expect(try await peer.packets(1).first?.data == ByteBuffer(string: "re:a"))
            await peer.close()
        }
    }

    @Test func `a client that shows no certificate is refused`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: nil)
            await peer.waitForClose()
            #expect(try await network.isAlive)
        }
    }

    @Test func `abandoned twins disturb nobody`() async throws {
        try await TestNetwork.run { network async throws in
            for index in 0..<60 {
                let twin = try await RawPeer.plain(network.node.address)
                if index % 3 > 0 { await twin.send(Array("DRPC!!!1".utf8)) }
                if index % 3 > 1 { await twin.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]) }
                await twin.close()
            }
            #expect(try await network.isAlive)
            while network.server?.connectionCount != 1 { await Task.yield() }
        }
    }

    static let violations: [[UInt8]] = [
        // A frame announced with 2^63 bytes, and one just above the limit.
        [0x05, 1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0x05, 1, 1, 0x81, 0x80, 0x80, 0x02],
        // Ids of zero, backwards, and used twice.
        [0x05, 0, 1, 0], [0x05, 1, 0, 0], [0x05, 1, 2, 0, 0x05, 1, 1, 0], [0x05, 1, 1, 0, 0x05, 1, 1, 0],
        // A change of kind, an unknown kind, a varint without end.
        [0x04, 1, 1, 0, 0x06, 1, 1, 0], [0x11, 1, 1, 0], [0x05] + [UInt8](repeating: 0xff, count: 40),
        // Metadata that is none, an Invoke inside its own stream, a path without end.
        [0x0f, 1, 1, 3, 0x0a, 0xff, 0x01], invoke + [0x03, 1, 2, 1, 0x2f],
        [0x03, 1, 1, 0x81, 0x10] + [UInt8](repeating: 0x61, count: 2049),
        // An Error without its code.
        invoke + [0x07, 1, 2, 1, 0],
    ]
    static let invoke: [UInt8] = [0x03, 1, 1, 13] + Array("/svc.Svc/Bidi".utf8)

    @Test(arguments: violations.indices)
    func `a violation of the protocol closes the connection`(index: Int) async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            await peer.send(Self.violations[index])
            await peer.waitForClose()
            #expect(try await network.isAlive)
            #expect(network.server?.bufferedByteCount == 0)
        }
    }

    @Test func `a message above the limit, in small frames, closes the connection at the limit`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            await peer.send(Self.invoke)
            let frame: [UInt8] = [0x04, 1, 2, 0x80, 0x80, 0x04] + [UInt8](repeating: 1, count: 64 << 10)
            for _ in 0...64 { await peer.send(frame) }
            await peer.waitForClose()
            #expect(network.server?.bufferedByteCount == 0)
        }
    }

    @Test func `a connection that makes the server hold too much is closed`() async throws {
        var settings = RPCServerSettings()
        settings.maximumBufferedBytes = 1 << 20
        try await TestNetwork.run(settings: settings) { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            await peer.send(Self.invoke)
            let frame: [UInt8] = [0x04, 1, 2, 0x80, 0x80, 0x04] + [UInt8](repeating: 1, count: 64 << 10)
            for _ in 0..<20 { await peer.send(frame) }
            await peer.waitForClose()
            #expect(try await network.isAlive)
            #expect(network.server?.bufferedByteCount == 0)
        }
    }

    @Test func `random frames never take the server down`() async throws {
        try await TestNetwork.run { network async throws in
            for _ in 0..<40 {
                let peer = try await RawPeer.tls(network.node.address, identity: network.client)
                var bytes = Self.invoke
                for _ in 0..<Int.random(in: 1...30) {
                    let data = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255) }
                    bytes += [UInt8.random(in: 0...31), 1, UInt8.random(in: 1...20), UInt8(data.count)] + data
                }
                await peer.send(bytes)
                await peer.close()
            }
            #expect(try await network.isAlive)
            while network.server?.connectionCount != 1 { await Task.yield() }
            #expect(network.server?.bufferedByteCount == 0)
        }
    }

    @Test func `late Close and Cancel, unknown control packets and other streams' packets are ignored`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            await peer.send([0x05, 7, 1, 1, 0x61, 0x91, 7, 2, 0])
            let echo: [UInt8] = Array("/svc.Svc/Echo".utf8)
            await peer.send([0x03, 8, 1, 13] + echo + [0x05, 8, 2, 1, 0x61, 0x0d, 8, 3, 0])
            #expect(try await peer.packets(2).map(\.kind) == [.message, .closeSend])
            await peer.send([0x0b, 8, 4, 0, 0x89, 8, 5, 0, 0x05, 8, 6, 1, 0x61])
            await peer.send([0x03, 9, 1, 13] + echo + [0x05, 9, 2, 1, 0x62, 0x0d, 9, 3, 0])
            #expect(try await peer.packets(2).first?.data == ByteBuffer(string: "re:b"))
            await peer.close()
        }
    }

    @Test func `an invoke over a running call cancels it and runs once it has returned`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            let slow = Array("/svc.Svc/Slow".utf8)
            await peer.send([0x03, 1, 1, 13] + slow + [0x05, 1, 2, 4] + Array("slow".utf8))
            #expect(await network.signals.next() == "started")
            await peer.send([0x03, 2, 1, 13] + slow + [0x05, 2, 2, 1, 0x62, 0x0d, 2, 3, 0])
            #expect(await network.signals.next() == "cancelled")
            let answer = try await peer.packets(2)
            #expect(answer.map(\.id.stream) == [2, 2])
            await peer.close()
        }
    }

    @Test func `a lost connection cancels its handler`() async throws {
        try await TestNetwork.run { network async throws in
            let peer = try await RawPeer.tls(network.node.address, identity: network.client)
            await peer.send([0x03, 1, 1, 13] + Array("/svc.Svc/Slow".utf8) + [0x05, 1, 2, 4] + Array("slow".utf8))
            #expect(await network.signals.next() == "started")
            await peer.close()
            #expect(await network.signals.next() == "cancelled")
        }
    }

    @Test func `connections beyond the most allowed are closed, and places become free again`() async throws {
        var settings = RPCServerSettings()
        settings.maximumConnections = 5
        // On a busy machine the last may be counted long after the first.
        settings.handshakeTimeout = .seconds(3600)
        settings.maximumConnectionsPerHost = 3
        try await TestNetwork.run(settings: settings) { network async throws in
            var peers: [RawPeer] = []
            for _ in 0..<3 { peers.append(try await RawPeer.plain(network.node.address)) }
            while network.server?.connectionCount != 3 { await Task.yield() }
            let fourth = try await RawPeer.plain(network.node.address)
            await fourth.waitForClose()
            for peer in peers { await peer.close() }
            while network.server?.connectionCount != 0 { await Task.yield() }
            #expect(try await network.isAlive)
        }
    }
}
