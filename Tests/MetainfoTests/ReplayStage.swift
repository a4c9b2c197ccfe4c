import Accounts
import DRPC
import Foundation
import Metabase
import SatelliteTesting
import StorageModel
import TestSupport
import WireMessages

/// Sets what the recordings do not show: the passing of time, and what was made outside of them.
enum ReplayStage {
    /// When a conversation took place, where it matters; seconds since 1970.
    private static let times: [String: Int64] = [
        "47": 1_795_360_453, "48": 1_795_360_465, "55": 1_795_360_537, "62": 1_795_360_738, "71": 1_795_360_757,
    ]

    /// Sets the stage for a whole conversation.
    static func prepare(_ transcript: Transcript, on satellite: TestSatellite) async throws {
        let number = String(transcript.name.prefix(2))
        if let seconds = times[number] {
            let time = Timestamp(microseconds: seconds * 1_000_000)
            if time > satellite.clock.now { satellite.clock.advance(by: time.duration(since: satellite.clock.now)) }
        }
        switch number {
        case "05": try await makeBucket("gt-second", userAgent: "rclone", on: satellite)
        case "40": try await makeBucket("gt-gone", on: satellite)
        case "43": try await fillManyObjects(as: transcript, on: satellite)
        case "46": try await putDeletedObjects(of: transcript, on: satellite)
        case "60":
            try await makeBucket("gt-many", on: satellite)
            try await makeBucket("gt-nothing-yet", userAgent: "rclone", on: satellite)
        default: break
        }
    }

    /// Sets the stage for one call.
    static func prepare(_ rpc: Transcript.RPC, at place: String, on satellite: TestSatellite) async throws {
        // Every call comes a little later than the one before; only the one that must find its rate used up does not.
        guard place == "79#110" else { return satellite.clock.advance(by: .milliseconds(100)) }
        for _ in 0..<200 {
            var request = Metainfo_CreateBucketRequest()
            request.header = satellite.header()
            // What becomes of them is of no matter: each takes one permit.
            _ = try? await satellite.connection.call(MetainfoMethods.createBucket, request)
        }
    }

    private static func makeBucket(_ name: String, userAgent: String = "", on satellite: TestSatellite) async throws {
        let location = BucketLocation(project: satellite.project.id, name: name)
        _ = try await satellite.metabase.createBucket(NewBucket(location: location, userAgent: Array(userAgent.utf8)))
    }

    // MARK: - Objects

    /// The bucket of more than a thousand objects: those the recording shows, and as many between them as were cut
    /// out of it, in the directories it lists; and one upload that never ended.
    private static func fillManyObjects(as transcript: Transcript, on satellite: TestSatellite) async throws {
        try await makeBucket("gt-many", on: satellite)
        let pages = try transcript.rpcs.compactMap { rpc in
            try (rpc.response?.items?.first?.hex?.bytes).map { try Metainfo_ListObjectsResponse.parse($0).items }
        }
        for item in pages.joined() {
            let metadata = ObjectMetadata(
                encrypted: Array(item.encryptedMetadata), nonce: Array(item.encryptedMetadataNonce),
                encryptedKey: Array(item.encryptedMetadataEncryptedKey))
            try await put(
                Array(item.encryptedObjectKey), in: "gt-many", metadata, plainSize: item.plainSize,
                encryptedSize: item.plainSize + 16, on: satellite)
        }
        for index in 0..<994 {
            let directory = directoriesCutOut[index % directoriesCutOut.count]
            let key = directory + [UInt8(ascii: "/"), UInt8(index / 128 + 1), UInt8(index % 128 + 1)]
            try await put(key, in: "gt-many", ObjectMetadata(), plainSize: 1, encryptedSize: 17, on: satellite)
        }
        _ = try await satellite.metabase.beginUpload(upload([1, 2, 3], in: "gt-many", ObjectMetadata(), satellite))
    }

    /// The directories between the first and the last two items of the first page, out of the listing of the root.
    private static let directoriesCutOut: [[UInt8]] = {
        let listing = try? Transcript.all().first { $0.name.hasPrefix("44") }?.rpcs.last?.response?.items?.first?.hex
        let items = (listing?.bytes).flatMap { try? Metainfo_ListObjectsResponse.parse($0).items } ?? []
        return items.dropFirst().dropLast(2).map { Array($0.encryptedObjectKey.dropLast()) }
    }()

    /// Objects that a conversation deletes, as its answers describe them.
    private static func putDeletedObjects(of transcript: Transcript, on satellite: TestSatellite) async throws {
        for rpc in transcript.rpcs where rpc.path.hasSuffix("/BeginDeleteObject") {
            let object = try Metainfo_BeginDeleteObjectResponse.parse(rpc.response?.hex?.bytes ?? []).object
            let metadata = ObjectMetadata(
                encrypted: Array(object.encryptedMetadata), nonce: Array(object.encryptedMetadataNonce),
                encryptedKey: Array(object.encryptedMetadataEncryptedKey))
            try await put(
                Array(object.encryptedObjectKey), in: String(decoding: object.bucket, as: UTF8.self), metadata,
                plainSize: object.plainSize, encryptedSize: object.totalSize, on: satellite)
        }
    }

    private static func upload(
        _ key: [UInt8], in bucket: String, _ metadata: ObjectMetadata, _ satellite: TestSatellite
    ) -> NewUpload {
        NewUpload(
            location: ObjectLocation(bucket: BucketLocation(project: satellite.project.id, name: bucket), key: key),
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424), metadata: metadata)
    }

    private static func put(
        _ key: [UInt8], in bucket: String, _ metadata: ObjectMetadata, plainSize: Int64, encryptedSize: Int64,
        on satellite: TestSatellite
    ) async throws {
        let segment = NewSegment(
            position: .zero, content: .inline([UInt8](repeating: 1, count: Int(encryptedSize))), plainSize: plainSize,
            encryptedSize: encryptedSize, encryptedKey: [UInt8](repeating: 2, count: 48),
            encryptedKeyNonce: [UInt8](repeating: 3, count: 24))
        _ = try await satellite.metabase.putObject(
            upload(key, in: bucket, metadata, satellite), segments: [segment], ObjectCommit(mayOverwrite: true))
    }
}
