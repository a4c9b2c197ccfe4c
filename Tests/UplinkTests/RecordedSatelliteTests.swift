import AccessGrants
import Foundation
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink
import WireMessages

/// Our client at the Go satellite, as recorded: it must read what a Go client wrote and ask as a Go client asks.
@Suite struct RecordedSatelliteTests {
    private func project(_ satellite: ScriptedSatellite) throws -> Uplink.Project {
        try satellite.project(AccessGrant(text: Recording.grant))
    }

    @Test func `buckets are listed`() async throws {
        let project = try project(Recording("05-list-buckets").satellite([0]))
        var names: [String] = []
        for try await bucket in project.buckets() { names.append(bucket.name) }
        #expect(names == ["gt-main", "gt-second"])
    }

    @Test func `an existing bucket is looked up and a missing one is not found`() async throws {
        let recording = try Recording("06-stat-bucket")
        let project = try project(recording.satellite([0, 1]))
        #expect(try await project.bucket("gt-main").createdAt != nil)
        #expect(await code { _ = try await project.bucket("gt-none") } == .bucketNotFound)
    }

    @Test func `objects are looked up with sizes and metadata`() async throws {
        let recording = try Recording("16-stat-object")
        let satellite = try recording.satellite([0, 1, 2, 3])
        let project = try project(satellite)
        for (key, size, time) in [
            ("dir/empty", 0, "2026-11-22T15:12:08.740339261Z"), ("dir/k1", 1024, "2026-11-22T15:12:08.740582793Z"),
            ("dir/m5", 5_242_880, "2026-11-22T15:12:08.746514273Z"), ("dir/m130", 136_314_880, nil),
        ] {
            let object = try await project.object(bucket: "gt-main", key: key)
            #expect(object.size == size && object.version == nil && object.expiresAt == nil)
            if let time { #expect(object.metadata == ["rclone:mtime": time]) }
        }
        let asked = try satellite.batchedQuestions.map { try $0.objectGet.encoded() }
        #expect(asked == (0..<4).map { recording.item($0) ?? [] })
    }

    @Test func `a folder is listed as rclone lists it`() async throws {
        let recording = try Recording("25-list-dir")
        let satellite = try recording.satellite([2, 3])
        let project = try project(satellite)
        var options = ListOptions(prefix: "dir/")
        options.includesCustomMetadata = true
        var sizes: [String: Int64] = [:]
        for try await item in project.objects(bucket: "gt-main", options: options) {
            sizes[item.key] = item.object?.size
            #expect(item.object?.metadata["rclone:mtime"]?.hasPrefix("2026-11-22T15:12:0") == true)
        }
        #expect(
            sizes == [
                "dir/b4097": 4097, "dir/empty": 0, "dir/k1": 1024, "dir/k4": 4096, "dir/m130": 136_314_880,
                "dir/m5": 5_242_880,
            ])
        options.prefix = ""
        #expect(try await project.objects(bucket: "gt-main", options: options).keys() == ["dir/", "over"])
        let asked = try satellite.batchedQuestions.map { try $0.objectList.encoded() }
        #expect(asked == [2, 3].map { recording.item($0) ?? [] })
    }

    @Test func `everything is listed as rclone lists it`() async throws {
        let recording = try Recording("26-list-recursive")
        let satellite = try recording.satellite([0])
        var options = ListOptions(prefix: "", isRecursive: true)
        options.includesCustomMetadata = true
        let keys = try await project(satellite).objects(bucket: "gt-main", options: options).keys()
        #expect(keys == ["dir/b4097", "dir/empty", "dir/k1", "dir/k4", "dir/m130", "dir/m5", "over"])
        #expect(try satellite.batchedQuestions.map { try $0.objectList.encoded() } == [recording.item(0) ?? []])
    }

    @Test func `a copy asks for the same keys as the Go client`() async throws {
        let recording = try Recording("30-copy")
        let calls = recording.rpcs.indices.filter { recording.rpcs[$0].path.hasSuffix("CopyObject") }
        let satellite = try recording.satellite(Array(calls.suffix(2)))
        let copy = try await project(satellite).copyObject(
            bucket: "gt-main", key: "dir/k1", newBucket: "gt-second", newKey: "k1-copy")
        #expect(copy.size == 1024 && copy.metadata == ["rclone:mtime": "2026-11-22T15:12:08.740582793Z"])
        let begin = try Metainfo_BeginCopyObjectRequest.parse(satellite.questions[0].bytes)
        let finish = try Metainfo_FinishCopyObjectRequest.parse(satellite.questions[1].bytes)
        let recordedBegin = try Metainfo_BeginCopyObjectRequest.parse(
            recording.rpcs[calls[calls.count - 2]].request?.hex?.bytes ?? [])
        let recordedFinish = try Metainfo_FinishCopyObjectRequest.parse(
            recording.rpcs[calls[calls.count - 1]].request?.hex?.bytes ?? [])
        #expect(begin.encryptedObjectKey == recordedBegin.encryptedObjectKey)
        #expect(begin.newEncryptedObjectKey == recordedBegin.newEncryptedObjectKey)
        #expect(finish.streamID == recordedFinish.streamID)
        #expect(finish.newEncryptedMetadataKey == recordedFinish.newEncryptedMetadataKey)
        #expect(finish.newEncryptedMetadataKeyNonce == recordedFinish.newEncryptedMetadataKeyNonce)
        #expect(finish.newSegmentKeys.map(\.position) == recordedFinish.newSegmentKeys.map(\.position))
        #expect(finish.newSegmentKeys.map(\.encryptedKey.count) == [48])
    }

    @Test func `a move re-encrypts the metadata's key as the Go client does`() async throws {
        let recording = try Recording("31-move")
        let calls = recording.rpcs.indices.filter { recording.rpcs[$0].path.hasSuffix("MoveObject") }
        let satellite = try recording.satellite(Array(calls.suffix(2)))
        try await project(satellite).moveObject(
            bucket: "gt-main", key: "meta", newBucket: "gt-second", newKey: "meta-moved")
        let finish = try Metainfo_FinishMoveObjectRequest.parse(satellite.questions[1].bytes)
        let recorded = try Metainfo_FinishMoveObjectRequest.parse(
            recording.rpcs[calls[calls.count - 1]].request?.hex?.bytes ?? [])
        #expect(finish.newEncryptedObjectKey == recorded.newEncryptedObjectKey)
        #expect(finish.newEncryptedMetadataKey == recorded.newEncryptedMetadataKey)
        #expect(finish.newEncryptedMetadataKeyNonce == recorded.newEncryptedMetadataKeyNonce)
    }

    @Test func `pending uploads have the ids that other tools show`() async throws {
        let recording = try Recording("36-pending-uploads")
        let project = try project(recording.satellite([2, 4, 5]))
        func found(_ options: PendingUploadOptions) async throws -> [PendingUpload] {
            var uploads: [PendingUpload] = []
            for try await upload in project.pendingUploads(bucket: "gt-main", options: options) {
                uploads.append(upload)
            }
            return uploads
        }
        var options = PendingUploadOptions()
        options.key = "pend/a"
        let exact = try await found(options)
        #expect(exact.map(\.id).map { $0.prefix(20) } == ["7Y143DJesPCmsoAZ5HC5"])
        options.key = nil
        options.prefix = "pend/"
        options.isRecursive = false
        let below = try await found(options)
        #expect(below.map(\.key) == ["pend/a"] && below.map(\.id) == exact.map(\.id))
        #expect(try await found(PendingUploadOptions()).map(\.key).sorted() == ["mp/small", "pend/a"])
    }

    @Test func `deleting tells what was there and stays silent when nothing was`() async throws {
        let recording = try Recording("38-delete")
        var configuration = Configuration()
        configuration.passphraseCheck = .off
        let project = try recording.satellite([0, 1]).project(AccessGrant(text: Recording.grant), configuration)
        #expect(try await project.deleteObject(bucket: "gt-main", key: "over")?.size == 1024)
        #expect(try await project.deleteObject(bucket: "gt-main", key: "over") == nil)
    }

    @Test func `bulk deletion is told in the order asked`() async throws {
        let many = try Recording("39-delete-many")
        let project = try project(many.satellite([2, 3]))
        let results = try await project.deleteObjects(
            bucket: "gt-main", ["dm/a", "dm/b", "dm/c"].map { ObjectReference(key: $0) })
        #expect(results.map(\.outcome) == [.deleted, .deleted, .notFound])
        #expect(
            await code { _ = try await project.deleteObjects(bucket: "gt-nothing", [.init(key: "a")]) }
                == .bucketNotFound)
    }

    @Test func `versions are listed newest first`() async throws {
        let recording = try Recording("67-versions-write")
        let satellite = try recording.satellite([7, 8, 9, 10])
        let project = try project(satellite)
        var options = ListOptions(prefix: "", isRecursive: true)
        options.allVersions = true
        for pageSize in [0, 1] {
            options.pageSize = pageSize
            var versions: [Object] = []
            for try await item in project.objects(bucket: "gt-ver", options: options) {
                versions.append(try #require(item.object))
            }
            #expect(versions.map(\.size) == [0, 5000, 10])
            #expect(versions.map(\.isDeleteMarker) == [true, false, false])
            #expect(versions.map(\.isLatest) == [true, false, false])
            #expect(
                versions.map { "\($0.version.map(\.description) ?? "")" } == [
                    "0000000000000003924e2ff0fe0b6405", "00000000000000028c7a736c9e028c7f",
                    "0000000000000001b64c5b4c03290a3e",
                ])
        }
    }

    @Test func `versions are looked up, deleted and told apart`() async throws {
        let recording = try Recording("68-versions-exact")
        let project = try project(recording.satellite([0, 2, 5, 9]))
        let version = try #require(ObjectVersion("0000000000000001b64c5b4c03290a3e"))
        let found = try await project.object(bucket: "gt-ver", key: "v", version: version)
        #expect(found.version == version && found.size == 10)
        #expect(
            await code {
                let marker = ObjectVersion("0000000000000003924e2ff0fe0b6405")
                _ = try await project.object(bucket: "gt-ver", key: "v", version: marker)
            } == .objectNotFound)
    }

    @Test func `an object's lock is read`() async throws {
        let recording = try Recording("71-object-lock")
        let project = try project(recording.satellite([1, 3, 4, 5, 6]))
        #expect(try await project.objectLock(ofBucket: "gt-lock") == BucketObjectLock())
        let retention = try await project.retention(bucket: "gt-lock", key: "locked")
        #expect(retention?.mode == .governance)
        #expect(try await project.legalHold(bucket: "gt-lock", key: "locked"))
        let object = try await project.object(bucket: "gt-lock", key: "locked")
        #expect(object.retention == retention && object.hasLegalHold == true)
        #expect(
            await code { try await project.deleteObject(bucket: "gt-lock", key: "locked", version: object.version) }
                == .objectLocked)
    }
}
