import Foundation
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink
import WireMessages

/// Answers that no honest satellite gives: each is an error, none a trap or an endless loop.
@Suite struct HostileSatelliteTests {
    private func refuses(
        _ answers: [ScriptedSatellite.Answer], _ call: ErrorTests.Call, _ expected: UplinkError.Code = .satelliteError,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let project = try ScriptedSatellite(answers).project()
        let found = await code { try await call.run(project) }
        #expect(found == expected, sourceLocation: sourceLocation)
    }

    @Test func `answers that cannot be decoded are refused`() async throws {
        var unknown = Metainfo_CompressedBatchResponse()
        unknown.selected = .UNRECOGNIZED(7)
        var zstd = Metainfo_CompressedBatchResponse()
        zstd.selected = .zstd
        zstd.data = Data([1, 2, 3])
        var raw = Metainfo_CompressedBatchResponse()
        raw.data = Data([0xff, 0xff])
        for bytes in [[0xff, 0xff], try unknown.encoded(), try zstd.encoded(), try raw.encoded()] {
            try await refuses([.bytes(bytes)], .object)
        }
    }

    @Test func `a small frame that unfolds to more than the limit is refused`() async throws {
        let bomb = try #require(Compression.compress([UInt8](repeating: 0, count: 1 << 20), level: 3))
        var response = Metainfo_CompressedBatchResponse()
        response.selected = .zstd
        response.data = Data(bomb)
        var settings = UplinkSettings()
        settings.maximumAnswerSize = 1 << 19
        let project = try ScriptedSatellite([.bytes(try response.encoded())]).project(settings: settings)
        #expect(await code { _ = try await project.bucket("bucket") } == .satelliteError)
    }

    @Test func `wrong counts and kinds of answers are refused`() async throws {
        try await refuses([ScriptedSatellite.batch([])], .object)
        try await refuses([.batch(.objectGet(.init())), .batch(.objectGet(.init()))], .object)
        try await refuses([ScriptedSatellite.batch([.objectGet(.init()), .objectGet(.init())])], .object)
        try await refuses([.batch(.bucketGet(.init()))], .object)
        try await refuses([.batch(.bucketGet(.init()))], .stat)
        try await refuses([.bytes([])], .create)
    }

    @Test func `an answer about another bucket is refused`() async throws {
        var answer = Metainfo_GetBucketResponse()
        answer.bucket.name = Data("other".utf8)
        try await refuses([.batch(.bucketGet(answer))], .stat)
    }

    @Test func `impossible sizes and times are refused`() async throws {
        var object = Metainfo_Object()
        object.bucket = Data("bucket".utf8)
        object.plainSize = -1
        try await refuses([.batch(.objectGet(answer(object)))], .object)
        object.plainSize = 0
        object.createdAt.seconds = .max
        try await refuses([.batch(.objectGet(answer(object)))], .object)
        object.clearCreatedAt()
        object.encryptedMetadata = Data([0xff])
        try await refuses([.batch(.objectGet(answer(object)))], .object, .corruptData)
        object.encryptedMetadata = Data()
        object.encryptedMetadataEncryptedKey = Data([1, 2, 3])
        object.encryptionParameters.cipherSuite = .UNRECOGNIZED(4)
        try await refuses([.batch(.objectGet(answer(object)))], .object, .unsupported)
        object.encryptionParameters.cipherSuite = .aesGcm
        object.encryptedMetadataNonce = Data([1])
        try await refuses([.batch(.objectGet(answer(object)))], .object, .corruptData)
    }

    private func answer(_ object: Metainfo_Object) -> Metainfo_GetObjectResponse {
        var answer = Metainfo_GetObjectResponse()
        answer.object = object
        return answer
    }

    @Test func `listings that stand still or go back end in an error`() async throws {
        var page = Metainfo_ListObjectsResponse()
        page.more = true
        var item = Metainfo_ObjectListItem()
        item.encryptedObjectKey = Data([2, 9, 9])
        page.items = [item]
        let same = try ScriptedSatellite.batch(.objectList(page))
        try await refuses([same, same, same], .list)
        item.encryptedObjectKey = Data([2, 1])
        page.items = [item]
        try await refuses([same, .batch(.objectList(page)), same], .list)
        // More without items is the end.
        page.items = []
        let project = try ScriptedSatellite([.batch(.objectList(page))]).project()
        #expect(try await project.objects(bucket: "bucket").keys() == [])
    }

    @Test func `a listing of strange items counts them`() async throws {
        var page = Metainfo_ListObjectsResponse()
        page.items = [[], [1], [2], [0x2f], [0x2f, 0x2f], [2, 0xff], [UInt8](repeating: 3, count: 9000)].map { bytes in
            var item = Metainfo_ObjectListItem()
            item.encryptedObjectKey = Data(bytes)
            item.plainSize = .min
            return item
        }
        var configuration = Configuration()
        configuration.passphraseCheck = .off
        let project = try ScriptedSatellite([.batch(.objectList(page))]).project(nil, configuration)
        let code = await code { _ = try await project.objects(bucket: "bucket").keys() }
        #expect(code == nil || code == .satelliteError)
    }

    @Test func `buckets out of order end in an error`() async throws {
        var page = Metainfo_ListBucketsResponse()
        page.more = true
        var item = Metainfo_BucketListItem()
        item.name = Data("b".utf8)
        page.items = [item]
        let satellite = ScriptedSatellite([.bytes(try page.encoded()), .bytes(try page.encoded())])
        let project = try satellite.project()
        #expect(await code { for try await _ in project.buckets() {} } == .satelliteError)
    }

    @Test func `uploads without ids or end are refused`() async throws {
        var page = Metainfo_ListPendingObjectStreamsResponse()
        page.items = [Metainfo_ObjectListItem()]
        var options = PendingUploadOptions()
        options.key = "key"
        let nameless = try ScriptedSatellite([.bytes(try page.encoded())]).project()
        #expect(
            await code { for try await _ in nameless.pendingUploads(bucket: "b", options: options) {} }
                == .satelliteError)
        page.items[0].streamID = Data([1])
        page.more = true
        let endless = try ScriptedSatellite([.bytes(try page.encoded()), .bytes(try page.encoded())]).project()
        #expect(
            await code { for try await _ in endless.pendingUploads(bucket: "b", options: options) {} }
                == .satelliteError)
    }

    @Test func `bulk deletions that leave something out are refused`() async throws {
        try await refuses([.bytes([])], .deleteObjects)
    }

    @Test func `copies with strange keys are refused`() async throws {
        var begun = Metainfo_BeginCopyObjectResponse()
        begun.encryptedMetadataKey = Data([1])
        try await refuses([.bytes(try begun.encoded())], .copy, .unsupported)
        begun.encryptionParameters.cipherSuite = .aesGcm
        try await refuses([.bytes(try begun.encoded())], .copy, .corruptData)
        begun.encryptedMetadataKey = Data()
        begun.segmentKeys = [Metainfo_EncryptedKeyAndNonce()]
        try await refuses([.bytes(try begun.encoded())], .copy, .corruptData)
        begun.segmentKeys = Array(repeating: Metainfo_EncryptedKeyAndNonce(), count: 10_001)
        try await refuses([.bytes(try begun.encoded())], .copy)
        begun.segmentKeys = []
        try await refuses([.bytes(try begun.encoded()), .bytes([])], .copy)
    }

    @Test func `numbers out of range are not believed`() async throws {
        var versioning = Metainfo_GetBucketVersioningResponse()
        versioning.versioning = 77
        let first = try ScriptedSatellite([.bytes(try versioning.encoded())]).project()
        #expect(await code { _ = try await first.versioning(ofBucket: "b") } == .satelliteError)
        var placement = Metainfo_GetObjectIPsResponse()
        placement.pieceCount = .min
        let second = try ScriptedSatellite([.bytes(try placement.encoded())]).project()
        #expect(try await second.placement(bucket: "b", key: "k").pieceCount == 0)
        var retention = Metainfo_GetObjectRetentionResponse()
        retention.retention.mode = .compliance
        retention.retention.retainUntil.seconds = .min
        let third = try ScriptedSatellite([.bytes(try retention.encoded())]).project()
        #expect(await code { _ = try await third.retention(bucket: "b", key: "k") } == .satelliteError)
    }
}
