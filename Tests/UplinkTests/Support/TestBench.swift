import AccessGrants
import DRPC
import Encryption
import Foundation
import Identity
import Macaroons
import SatelliteTesting
import StorageModel
import TestSupport
import Uplink
import WireMessages

/// A project at a satellite without sockets, for tests of what needs no nodes.
struct TestBench {
    let satellite: TestSatellite
    let key: EncryptionKey
    let cipher: CipherSuite

    /// The address under which `TestSatellite` answers.
    static let address = "127.0.0.1:7777"

    init(_ satellite: TestSatellite? = nil, passphrase: UInt8 = 1, cipher: CipherSuite = .aesGCM) async throws {
        if let satellite { self.satellite = satellite } else { self.satellite = try await TestSatellite(nodeCount: 0) }
        guard let key = EncryptionKey([UInt8](repeating: passphrase, count: 32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        self.key = key
        self.cipher = cipher
    }

    /// The grant for everything.
    var grant: AccessGrant {
        get throws {
            try AccessGrant(
                satelliteAddress: "\(satellite.identity.id)@\(Self.address)", apiKey: satellite.key, rootKey: key,
                pathCipher: cipher)
        }
    }

    /// A project opened with a grant, by default that for everything.
    func project(
        _ grant: AccessGrant? = nil, _ configuration: Configuration = Configuration(),
        settings: UplinkSettings = UplinkSettings()
    ) throws -> Uplink.Project {
        try Uplink.Project(
            grant: try grant ?? self.grant, configuration: configuration, settings: settings,
            connections: ClientConnections(dialer: satellite.network.dialer(as: nil)), random: .seeded(7),
            clock: satellite.clock.wallClock, pause: { _ in })
    }

    /// Stores a small object as uploads do, in one batch.
    func put(
        _ path: String, bucket: String = "bucket", content: String = "content", metadata: [String: String] = [:]
    ) async throws {
        let random = RandomSource.seeded(UInt64(path.utf8.count))
        let store = try grant.encryption
        let name = Array(bucket.utf8)
        let contentKey = try store.contentKey(of: UnencryptedPath(path), in: name)
        var begin = Metainfo_BeginObjectRequest()
        begin.bucket = Data(name)
        begin.encryptedObjectKey = Data(try store.encrypt(UnencryptedPath(path), in: name).bytes)
        begin.encryptionParameters.cipherSuite = .aesGcm
        begin.encryptionParameters.blockSize = 7424
        let segmentKey = EncryptionKey.random(using: random)
        let nonce = EncryptionNonce.random(using: random)
        var segment = Metainfo_MakeInlineSegmentRequest()
        segment.position = Metainfo_SegmentPosition()
        segment.encryptedKey = Data(try segmentKey.wrapped(by: .aesGCM, key: contentKey, nonce: nonce))
        segment.encryptedKeyNonce = Data(nonce.bytes)
        let start = EncryptionNonce().incremented(by: 1)
        segment.encryptedInlineData = Data(
            try CipherSuite.aesGCM.encrypt(Array(content.utf8), key: segmentKey, nonce: start))
        segment.plainSize = Int64(content.utf8.count)
        let sealed = try ObjectMetadata(
            segmentsSize: 64 << 20, lastSegmentSize: Int64(content.utf8.count), userDefined: metadata
        ).sealed(
            suite: .aesGCM, contentKey: contentKey, metadataKey: .random(using: random),
            keyNonce: .random(using: random))
        var commit = Metainfo_CommitObjectRequest()
        commit.encryptedMetadata = Data(sealed.envelope)
        commit.encryptedMetadataEncryptedKey = Data(sealed.encryptedKey)
        commit.encryptedMetadataNonce = Data(sealed.keyNonce.bytes)
        var batch = Metainfo_BatchRequest()
        batch.header = satellite.header()
        let requests: [Metainfo_BatchRequestItem.OneOf_Request] = [
            .objectBegin(begin), .segmentMakeInline(segment), .objectCommit(commit),
        ]
        batch.requests = requests.map { request in
            var item = Metainfo_BatchRequestItem()
            item.request = request
            return item
        }
        _ = try await satellite.connection.call(MetainfoMethods.batch, batch)
    }

    /// Begins an upload and leaves it.
    func beginUpload(_ path: String, bucket: String = "bucket") async throws -> [UInt8] {
        var begin = Metainfo_BeginObjectRequest()
        begin.header = satellite.header()
        begin.bucket = Data(bucket.utf8)
        begin.encryptedObjectKey = Data(
            try grant.encryption.encrypt(UnencryptedPath(path), in: Array(bucket.utf8)).bytes)
        begin.encryptionParameters.cipherSuite = .aesGcm
        begin.encryptionParameters.blockSize = 7424
        return Array(try await satellite.connection.call(MetainfoMethods.beginObject, begin).streamID)
    }

    /// The content of a small object, or nil when it does not decrypt with this key.
    func content(_ path: String, bucket: String = "bucket") async throws -> String? {
        let store = try grant.encryption
        let name = Array(bucket.utf8)
        var request = Metainfo_DownloadObjectRequest()
        request.header = satellite.header()
        request.bucket = Data(name)
        request.encryptedObjectKey = Data(try store.encrypt(UnencryptedPath(path), in: name).bytes)
        let segment = try await satellite.connection.call(MetainfoMethods.downloadObject, request).segmentDownload[0]
        guard let nonce = EncryptionNonce(segment.encryptedKeyNonce),
            let key = try? EncryptionKey(
                unwrapping: Array(segment.encryptedKey), by: .aesGCM,
                key: try store.contentKey(of: UnencryptedPath(path), in: name), nonce: nonce),
            let plain = try? CipherSuite.aesGCM.decrypt(
                segment.encryptedInlineData, key: key, nonce: EncryptionNonce().incremented(by: 1))
        else { return nil }
        return String(decoding: plain, as: UTF8.self)
    }
}

/// The error code that a body ends with; nil when it ends well.
func code(_ body: () async throws -> Void) async -> UplinkError.Code? {
    do {
        try await body()
        return nil
    } catch let error as UplinkError {
        return error.code
    } catch {
        return nil
    }
}

extension ObjectListing {
    /// The keys of all items, sorted.
    func keys() async throws -> [String] {
        var keys: [String] = []
        for try await item in self { keys.append(item.key) }
        return keys.sorted()
    }
}
