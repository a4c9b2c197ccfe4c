import Blake3
import DRPC
import Foundation
import Heartbeats
import Identity
import Logging
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import WireMessages

/// A node's side of a heartbeat: eighty samples out of the largest pieces on a real disk.
enum AnsweringNode {
    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let clock = WallClock { now }
    private static let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    private static let rounds = 20

    /// The CPU time of one answer. The samples of rounds are different ones.
    static func challenge(pieces count: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let pool = BlockingPool(threads: 2)
            defer { pool.shutDown() }
            let store = try await PieceStore.open(
                folder: folder.path + "/pieces", pool: pool, clock: clock, random: .system, logger: silent)
            let satellite = NodeIdentity.generate(random: .system)
            let node = NodeIdentity.generate(random: .system)
            let content = Benchmark.input(2_314_240)
            let ids = (0..<count).map { PieceID(storage: Bytes32(words: [1, 2, 3, UInt64($0)])) }
            for id in ids { try await keep(id, content, in: store, satellite, node) }
            let network = InProcessNetwork()
            network.register(try endpoint(store, node, satellite, network, pool, folder), identity: node.peer, address: "node:1")
            let connection = try await network.dialer(as: satellite.peer).connect(
                to: NodeURL(id: node.id, address: "node:1"))
            var size = 0
            let start = Stopwatch.processCPU.read()
            for round in 0..<rounds {
                let request = request(round, ids)
                size = try await connection.withStream(HeartbeatMethods.challenge) { stream in
                    try await stream.send(request)
                    stream.closeSend()
                    var size = try wireSize(request)
                    var answers = 0
                    while let response = try await stream.receive() {
                        size += try wireSize(response)
                        answers += response.answers.count { $0.fault == .none }
                    }
                    precondition(answers == 80, "what is measured is right")
                    return size
                }
            }
            let seconds = Stopwatch.processCPU.read() - start
            FileHandle.standardError.write(Data("challenge and answer \(size) bytes a node and period\n".utf8))
            await store.close()
            return Benchmark.Result(
                figure: seconds * 1000 / Double(rounds), digest: Benchmark.digest(Blake3Hasher.hash(content).bytes))
        }
    }

    private static func wireSize(_ message: some WireMessage) throws -> Int {
        var buffer = ByteBuffer()
        try message.encode(into: &buffer)
        return buffer.readableBytes
    }

    private static func request(_ round: Int, _ ids: [PieceID]) -> Heartbeat_ChallengeRequest {
        var request = Heartbeat_ChallengeRequest()
        request.period = UInt64(round)
        request.secret = Data(count: 32)
        request.commitmentsRoot = Data(count: 32)
        request.samples = (0..<80).map { index in
            var sample = Heartbeat_Sample()
            sample.number = UInt32(index)
            sample.pieceID = Data(ids[(index * 7 + round) % ids.count].bytes)
            sample.chunk = UInt64((index * 27 + round * 61) % 2260)
            return sample
        }
        return request
    }

    private static func endpoint(
        _ store: PieceStore, _ node: NodeIdentity, _ satellite: NodeIdentity, _ network: InProcessNetwork,
        _ pool: BlockingPool, _ folder: URL
    ) throws -> RPCRouter {
        let dialer = network.dialer(as: node.peer)
        let trust = TrustList(
            satellites: [NodeURL(id: satellite.id, address: "satellite:1")], dialer: dialer, logger: silent)
        let state = folder.path + "/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let reporter = try AmnestyReporter(
            parts: .init(store: store, trust: trust, pool: pool, dialer: dialer, clock: clock, logger: silent),
            folder: state)
        var router = RPCRouter()
        HeartbeatEndpoint(
            parts: .init(
                identity: node, store: store, trust: trust, reporter: reporter, clock: clock, logger: silent),
            pledges: try HeartbeatPledges(folder: folder.path + "/heartbeats", pool: pool), maximumChallenges: 2
        ).register(in: &router)
        return router
    }

    private static func keep(
        _ id: PieceID, _ content: [UInt8], in store: PieceStore, _ satellite: NodeIdentity, _ node: NodeIdentity
    ) async throws {
        let key = PieceKey.generate(random: .system)
        let limit = OrderLimit(
            serialNumber: SerialNumber(), satelliteID: satellite.id, storageNodeID: node.id, pieceID: id,
            limit: Int64(content.count), action: .put, orderExpiration: now, orderCreation: now,
            uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        let writer = store.beginPiece(satellite: satellite.id, pieceID: id, algorithm: .blake3, expires: nil)
        var rest = ByteBuffer(bytes: content)
        while let part = rest.readSlice(length: min(256 << 10, rest.readableBytes)), part.readableBytes > 0 {
            try await writer.append(part)
        }
        let hash = key.sign(
            PieceHash(
                pieceID: id, hash: Blake3Hasher.hash(content).bytes, pieceSize: Int64(content.count), timestamp: now,
                hashAlgorithm: .blake3))
        _ = try await writer.commit(
            PieceProof(
                hashTimestamp: now, hashSignature: hash.signature, orderLimit: limit.encoded, expires: nil))
    }
}
