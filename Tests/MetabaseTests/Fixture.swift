import Database
import Metabase
import StorageModel
import TestSupport

/// A metabase in memory with a clock and a seed, and short words for what tests do with it.
struct Fixture: Sendable {
    let clock = TestClock()
    let random: RandomSource
    let database: Database
    let metabase: Metabase
    let project: ProjectID

    init(seed: UInt64 = 1, location: DatabaseLocation = .memory, settings: MetabaseSettings = .init()) async throws {
        random = RandomSource.seeded(seed)
        database = try Database.open(location)
        metabase = Metabase(database: database, settings: settings, clock: clock.wallClock, random: random)
        try await metabase.load()
        project = ProjectID.random(using: random)
    }

    func bucket(_ name: String) -> BucketLocation { BucketLocation(project: project, name: name) }

    func at(_ key: String, in bucket: String = "bucket") -> ObjectLocation {
        ObjectLocation(bucket: self.bucket(bucket), key: Array(key.utf8))
    }

    @discardableResult
    func createBucket(
        _ name: String = "bucket", versioning: BucketVersioning = .unversioned, lock: Bool = false,
        placement: Int32 = 0
    ) async throws -> Bucket {
        try await metabase.createBucket(
            NewBucket(
                location: bucket(name), placement: placement,
                versioning: versioning == .suspended ? .enabled : versioning,
                isLockEnabled: lock))
    }

    /// An upload to begin.
    func newUpload(
        _ key: String, in bucket: String = "bucket", expiresAt: Timestamp? = nil, lock: ObjectLock = ObjectLock(),
        metadata: ObjectMetadata = ObjectMetadata(), multipart: Bool = false
    ) -> NewUpload {
        NewUpload(
            location: at(key, in: bucket), expiresAt: expiresAt,
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424), metadata: metadata, lock: lock,
            isMultipart: multipart)
    }

    /// An inline segment.
    func inline(_ part: Int32 = 0, _ index: Int32 = 0, size: Int64 = 3, fill: UInt8 = 0) -> NewSegment {
        segment(part, index, size: size, content: .inline([UInt8](repeating: fill, count: 4)))
    }

    /// A segment on ten nodes.
    func remote(_ part: Int32 = 0, _ index: Int32 = 0, size: Int64 = 64 << 20, nodes: [NodeID]? = nil) -> NewSegment {
        let nodes = nodes ?? (0..<8).map { _ in NodeID.random(using: random) }
        let pieces = nodes.enumerated().map { index, node in
            SegmentPiece(number: index + 1, node: node, hash: Bytes32(random.bytes(count: 32)))
        }
        let content = RemoteSegment(
            rootPieceID: PieceID.random(using: random), redundancy: .development, pieces: pieces, hashAlgorithm: 1)
        return segment(part, index, size: size, content: .remote(content))
    }

    private func segment(_ part: Int32, _ index: Int32, size: Int64, content: SegmentContent) -> NewSegment {
        NewSegment(
            position: SegmentPosition(part: part, index: index) ?? .zero, content: content, plainSize: size,
            encryptedSize: size + 16, encryptedKey: random.bytes(count: 48), encryptedKeyNonce: random.bytes(count: 24))
    }

    /// Puts a small object.
    @discardableResult
    func put(
        _ key: String, in bucket: String = "bucket", expiresAt: Timestamp? = nil, lock: ObjectLock = ObjectLock(),
        metadata: ObjectMetadata = ObjectMetadata(), mayOverwrite: Bool = true, mustNotExist: Bool = false
    ) async throws -> Object {
        try await metabase.putObject(
            newUpload(key, in: bucket, expiresAt: expiresAt, lock: lock, metadata: metadata), segments: [inline()],
            ObjectCommit(mayOverwrite: mayOverwrite, mustNotExist: mustNotExist))
    }

    /// Metadata with its key.
    func metadata(_ text: String, etag: String = "") -> ObjectMetadata {
        ObjectMetadata(
            encrypted: Array(text.utf8), nonce: random.bytes(count: 24), encryptedKey: random.bytes(count: 48),
            encryptedETag: Array(etag.utf8))
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int {
        let sql = "SELECT COUNT(*) FROM \(table)"
        return try await database.read { session in try session.first(sql) { $0.int(0) } ?? 0 }
    }
}

/// Whether `body` throws exactly this refusal.
func refuses(_ expected: MetabaseError, _ body: () async throws -> Void) async -> Bool {
    do {
        try await body()
        return false
    } catch {
        return error as? MetabaseError == expected
    }
}
