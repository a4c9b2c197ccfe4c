import Logging
import NIOCore
import PieceStore
import StorageModel
import TestSupport

/// A store on a disk in memory, and pieces to put in it.
struct Fixture {
    let disk: FaultyFileSystem
    let clock = TestClock()
    let pool = BlockingPool(threads: 2)
    let satellite: NodeID
    var settings = PieceStoreSettings()
    let random: RandomSource

    init(seed: UInt64 = 1) {
        random = .seeded(seed)
        disk = FaultyFileSystem(random: .seeded(seed &+ 1000))
        satellite = NodeID.random(using: random)
    }

    func open() async throws -> PieceStore {
        try await PieceStore.open(
            folder: "/pieces", fileSystem: disk, pool: pool, settings: settings, clock: clock.wallClock,
            random: random, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func makePiece(size: Int) -> TestPiece {
        TestPiece(id: .random(using: random), content: random.bytes(count: size))
    }

    /// The files of the store's satellite whose names start so.
    func paths(_ prefix: String) -> [String] {
        disk.paths.filter { $0.hasPrefix(folder(of: satellite) + prefix) }
    }

    /// The folder of a satellite, with a slash at the end.
    func folder(of satellite: NodeID) -> String { "/pieces/\(Base32.encode(satellite.bytes).lowercased())/" }

    /// The index of the store's satellite.
    var indexPath: String { folder(of: satellite) + "index" }

    func store(_ piece: TestPiece, in store: PieceStore) async throws -> StoredPiece {
        try await piece.store(in: store, satellite: satellite)
    }
}

/// A piece's id and bytes.
struct TestPiece: Sendable {
    let id: PieceID
    let content: [UInt8]
    var algorithm = StoredHashAlgorithm.blake3
    var expires: Timestamp?

    var proof: PieceProof {
        PieceProof(
            hashTimestamp: Timestamp(microseconds: 1_767_225_600_123_456), hashSignature: Array(id.bytes.prefix(64)),
            orderLimit: Array(repeating: 7, count: 380), expires: expires)
    }

    @discardableResult
    func store(in store: PieceStore, satellite: NodeID, chunkSize: Int = 64 << 10) async throws -> StoredPiece {
        let writer = store.beginPiece(satellite: satellite, pieceID: id, algorithm: algorithm, expires: expires)
        for start in stride(from: 0, to: content.count, by: chunkSize) {
            try await writer.append(ByteBuffer(bytes: content[start..<min(start + chunkSize, content.count)]))
        }
        return try await writer.commit(proof)
    }

    /// Whether the store serves exactly this piece.
    func isServed(by store: PieceStore, satellite: NodeID) async throws -> Bool {
        let reader = try await store.openPiece(satellite: satellite, pieceID: id)
        var content: [UInt8] = []
        while content.count < Int(reader.piece.size) {
            let count = min(PieceReader.maximumCount, Int(reader.piece.size) - content.count)
            content += try await reader.read(offset: Int64(content.count), count: count).readableBytesView
        }
        return content == self.content && reader.piece.proof == proof && reader.piece.pieceID == id
    }
}

/// The code of the store's error that `body` throws; nil when it throws nothing.
func code(of body: () async throws -> Void) async throws -> PieceStoreError.Code? {
    do {
        try await body()
        return nil
    } catch let error as PieceStoreError {
        return error.code
    }
}
