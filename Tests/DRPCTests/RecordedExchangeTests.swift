import DRPC
import DRPCWire
import Identity
import NIOCore
import StorageModel
import TestSupport
import Testing
import WireMessages

/// Conversations recorded between a Go client and a Go server, with our server in the place of theirs.
@Suite struct RecordedExchangeTests {
    struct File: Decodable {
        struct Frame: Decodable {
            let done: Bool
            let kind: UInt8
            let message: UInt64
            let stream: UInt64
        }
        struct Exchange: Decodable {
            let name: String
            let client_frames: [Frame]
            let client_writes_hex: [HexBytes]
            let server_writes_hex: [HexBytes]?
        }
        let exchanges: [Exchange]
    }

    @Test(arguments: [1, 13, 1 << 20])
    func `a Go client's bytes get a Go server's packets, in lumps of any size`(lumpSize: Int) async throws {
        let file = try Vectors.decode(File.self, from: "drpc.json")
        for exchange in file.exchanges {
            let expected = try packets(exchange.server_writes_hex ?? [])
            try await TestNetwork.run(router: router(exchange.name, expected)) { network async throws in
                let peer = try await RawPeer.tls(network.node.address, identity: network.client)
                var answered = 0
                for write in exchange.client_writes_hex {
                    // A client closes a stream when it has its answer, and opens one when it is done with the one before.
                    let next = try packets([write]).first
                    let last = (next?.id.stream ?? 0) - (next?.kind == .close ? 0 : 1)
                    let before = expected.filter { $0.id.stream <= last }.count
                    if before > answered {
                        #expect(try await peer.packets(before - answered) == Array(expected[answered..<before]))
                        answered = before
                    }
                    for start in stride(from: 0, to: write.bytes.count, by: lumpSize) {
                        await peer.send(write.bytes[start..<min(start + lumpSize, write.bytes.count)])
                    }
                }
                let rest = try await peer.packets(expected.count - answered)
                #expect(rest == Array(expected[answered...]), "\(exchange.name)")
                await peer.close()
            }
        }
        #expect(file.exchanges.count == 9)
    }

    private func packets(_ writes: [HexBytes]) throws -> [Packet] {
        var reader = PacketReader()
        var buffer = ByteBuffer(bytes: writes.flatMap(\.bytes))
        var packets: [Packet] = []
        while let packet = try reader.read(&buffer) { packets.append(packet) }
        return packets
    }

    /// The service of the recording.
    private func router(_ name: String, _ expected: [Packet]) -> RPCRouter {
        var router = RPCRouter()
        router.unary(TestMethods.echo) { request, _ in
            if name == "unary error" { throw RPCStatusError(.notFound, "bucket not found: foo") }
            var reply = ByteBuffer(string: "re:")
            reply.writeImmutableBuffer(request.bytes)
            return Blob(reply)
        }
        router.stream(TestMethods.bidi) { stream, _ in
            while let message = try await stream.receive() { try await stream.send(message) }
        }
        router.unary(TestMethods.slow) { request, _ in
            if request.text == "slow" { try await Task.sleep(for: .seconds(3600)) }
            return request
        }
        router.stream(TestMethods.up) { stream, _ in
            while try await stream.receive() != nil {}
        }
        let projectInfo = expected.first.map { Blob($0.data) }
        router.unary(RPCMethod<Blob, Blob>(path: "/metainfo.Metainfo/ProjectInfo")) { _, _ in projectInfo ?? Blob("") }
        return router
    }
}
