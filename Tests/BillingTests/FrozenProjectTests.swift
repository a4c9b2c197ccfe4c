import Accounts
import DRPC
import Foundation
import Metainfo
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct FrozenProjectTests {
    @Test func `a frozen project may list and delete, and is told that its limits are used up when it uploads or downloads`()
        async throws
    {
        let satellite = try await TestSatellite(nodeCount: 0)
        let header = satellite.header()
        var create = Metainfo_CreateBucketRequest()
        create.header = header
        create.name = Data("bucket".utf8)
        _ = try await satellite.connection.call(MetainfoMethods.createBucket, create)
        try await satellite.accounts.freeze(.user(satellite.project.ownerID), .billing, reason: "test")

        var begin = Metainfo_BeginObjectRequest()
        begin.header = header
        begin.bucket = create.name
        begin.encryptedObjectKey = Data("key".utf8)
        begin.encryptionParameters.cipherSuite = .aesGcm
        begin.encryptionParameters.blockSize = 7424
        let upload = RPCStatusError(.resourceExhausted, "Exceeded Storage Limit")
        await #expect(throws: upload) { try await satellite.connection.call(MetainfoMethods.beginObject, begin) }

        var download = Metainfo_DownloadObjectRequest()
        download.header = header
        download.bucket = create.name
        download.encryptedObjectKey = Data("key".utf8)
        let refusal = RPCStatusError(.resourceExhausted, "Exceeded Usage Limit")
        await #expect(throws: refusal) { try await satellite.connection.call(MetainfoMethods.downloadObject, download) }

        var list = Metainfo_ListBucketsRequest()
        list.header = header
        list.direction = .after
        #expect(try await satellite.connection.call(MetainfoMethods.listBuckets, list).items.count == 1)
        try await satellite.accounts.unfreeze(.user(satellite.project.ownerID), .billing)
        _ = try await satellite.connection.call(MetainfoMethods.beginObject, begin)
    }
}
