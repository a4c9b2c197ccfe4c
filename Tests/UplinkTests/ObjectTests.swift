import AccessGrants
import Encryption
import Foundation
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

@Suite struct ObjectTests {
    private func bench(_ cipher: CipherSuite = .aesGCM) async throws -> (TestBench, Uplink.Project) {
        let bench = try await TestBench(cipher: cipher)
        let project = try bench.project()
        try await project.createBucket("bucket")
        try await bench.put("a/b", content: "content", metadata: ["name": "value", "": "ä"])
        return (bench, project)
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `an object is looked up with all that is known of it`(_ cipher: CipherSuite) async throws {
        let (bench, project) = try await bench(cipher)
        let object = try await project.object(bucket: "bucket", key: "a/b")
        #expect(object.bucket == "bucket" && object.key == "a/b" && object.size == 7)
        #expect(object.metadata == ["name": "value", "": "ä"])
        #expect(object.createdAt == Date(timeIntervalSince1970: Double(bench.satellite.clock.now.seconds)))
        #expect(object.version == nil && object.expiresAt == nil && !object.isDeleteMarker && object.isLatest)
    }

    @Test func `what is not there is not found`() async throws {
        let (_, project) = try await bench()
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "a") } == .objectNotFound)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "") } == .objectKeyInvalid)
        #expect(await code { _ = try await project.object(bucket: "", key: "a") } == .bucketNameInvalid)
        #expect(await code { _ = try await project.placement(bucket: "bucket", key: "a") } == .objectNotFound)
        #expect(
            await code { try await project.updateMetadata(bucket: "bucket", key: "a", metadata: [:]) }
                == .objectNotFound)
    }

    @Test func `keys too long for the satellite are refused with advice`() async throws {
        let (_, project) = try await bench()
        let key = String(repeating: "x", count: 4001)
        do {
            _ = try await project.object(bucket: "bucket", key: key)
            Issue.record("a key of 4001 bytes is accepted")
        } catch let error as UplinkError {
            #expect([.objectKeyInvalid, .objectNotFound].contains(error.code))
        }
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `metadata is replaced and nothing else`(_ cipher: CipherSuite) async throws {
        let (bench, project) = try await bench(cipher)
        let before = try await project.object(bucket: "bucket", key: "a/b")
        try await project.updateMetadata(bucket: "bucket", key: "a/b", metadata: ["new": "1"])
        let after = try await project.object(bucket: "bucket", key: "a/b")
        #expect(after.metadata == ["new": "1"] && after.size == 7 && after.createdAt == before.createdAt)
        try await project.updateMetadata(bucket: "bucket", key: "a/b", metadata: [:])
        #expect(try await project.object(bucket: "bucket", key: "a/b").metadata == [:])
        #expect(try await bench.content("a/b") == "content")
    }

    @Test func `deleting tells what was deleted, and nothing is no error`() async throws {
        let (_, project) = try await bench()
        let deleted = try await project.deleteObject(bucket: "bucket", key: "a/b")
        #expect(deleted?.key == "a/b" && deleted?.size == 7 && deleted?.isDeleteMarker == false)
        #expect(try await project.deleteObject(bucket: "bucket", key: "a/b") == nil)
    }

    @Test func `one version is deleted for good, the newest is only hidden`() async throws {
        let (bench, project) = try await bench()
        try await project.setVersioning(true, ofBucket: "bucket")
        try await bench.put("v", content: "1")
        try await bench.put("v", content: "22")
        let newest = try await project.object(bucket: "bucket", key: "v")
        let version = try #require(newest.version)
        #expect(newest.size == 2 && ObjectVersion("\(version)") == version)
        try await project.deleteObject(bucket: "bucket", key: "v", version: version)
        #expect(try await project.object(bucket: "bucket", key: "v").size == 1)
        let marker = try await project.deleteObject(bucket: "bucket", key: "v")
        #expect(marker?.isDeleteMarker == true)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "v") } == .objectNotFound)
        #expect(
            await code { _ = try await project.object(bucket: "bucket", key: "v", version: marker?.version) }
                == .objectNotFound)
        try await project.deleteObject(bucket: "bucket", key: "v", version: marker?.version)
        #expect(try await project.object(bucket: "bucket", key: "v").size == 1)
    }

    @Test func `any number of objects is deleted, a thousand in one request`() async throws {
        let (bench, _) = try await bench()
        var settings = UplinkSettings()
        settings.deletionsPerRequest = 2
        let project = try bench.project(settings: settings)
        for key in ["1", "2", "3"] { try await bench.put(key) }
        let keys = ["1", "none", "2", "3", "a/b"]
        let results = try await project.deleteObjects(bucket: "bucket", keys.map { ObjectReference(key: $0) })
        #expect(results.map(\.reference.key) == keys)
        #expect(results.map(\.outcome) == [.deleted, .notFound, .deleted, .deleted, .deleted])
        #expect(try await project.objects(bucket: "bucket").keys() == [])
        #expect(try await project.deleteObjects(bucket: "bucket", []) == [])
        #expect(
            await code { _ = try await project.deleteObjects(bucket: "none", [ObjectReference(key: "a")]) }
                == .bucketNotFound)
    }

    @Test func `bulk deletion says what is locked and what is forbidden`() async throws {
        let (bench, project) = try await bench()
        try await project.createBucket("locked", objectLock: true)
        try await bench.put("a/1", bucket: "locked")
        try await bench.put("b/2", bucket: "locked")
        let version = try await project.object(bucket: "locked", key: "a/1").version
        try await project.setLegalHold(true, bucket: "locked", key: "a/1")
        let grant = try bench.grant.shared(
            .full, prefixes: [.init(bucket: Array("locked".utf8), prefix: .init("a"))], random: .seeded(1))
        let limited = try bench.project(grant)
        let results = try await limited.deleteObjects(
            bucket: "locked", [ObjectReference(key: "a/1", version: version)])
        #expect(results.map(\.outcome) == [.locked])
        #expect(
            await code { _ = try await limited.deleteObjects(bucket: "locked", [ObjectReference(key: "b/2")]) }
                == .permissionDenied)
        #expect(
            await code { try await project.deleteObject(bucket: "locked", key: "a/1", version: version) }
                == .objectLocked)
    }

    @Test func `locks are set, read and end when they may`() async throws {
        let (bench, project) = try await bench()
        try await project.createBucket("locked", objectLock: true)
        try await bench.put("a", bucket: "locked")
        #expect(try await project.retention(bucket: "locked", key: "a") == nil)
        #expect(try await project.legalHold(bucket: "locked", key: "a") == false)
        let until = Date(timeIntervalSince1970: Double(bench.satellite.clock.now.seconds) + 3600)
        let retention = Retention(mode: .governance, until: until)
        try await project.setRetention(retention, bucket: "locked", key: "a")
        try await project.setLegalHold(true, bucket: "locked", key: "a")
        #expect(try await project.retention(bucket: "locked", key: "a") == retention)
        #expect(try await project.legalHold(bucket: "locked", key: "a"))
        let object = try await project.object(bucket: "locked", key: "a")
        #expect(object.retention == retention && object.hasLegalHold == true)
        try await project.setLegalHold(false, bucket: "locked", key: "a")
        #expect(
            await code { try await project.deleteObject(bucket: "locked", key: "a", version: object.version) }
                == .objectLocked)
        #expect(
            await code { try await project.setRetention(nil, bucket: "locked", key: "a") } == .objectLocked)
        try await project.setRetention(nil, bucket: "locked", key: "a", bypassesGovernance: true)
        try await project.deleteObject(bucket: "locked", key: "a", version: object.version)
        #expect(
            await code { try await project.setRetention(retention, bucket: "bucket", key: "a/b") }
                == .invalidArgument)
        #expect(await code { _ = try await project.retention(bucket: "locked", key: "x") } == .objectNotFound)
    }

    @Test func `placement is told of objects that lie on nodes`() async throws {
        let (_, project) = try await bench()
        let placement = try await project.placement(bucket: "bucket", key: "a/b")
        #expect(placement.segmentCount == 1 && placement.pieceCount == 0 && placement.nodeAddresses == [])
    }

    @Test func `a write-only grant deletes without being told what`() async throws {
        let (bench, _) = try await bench()
        let project = try bench.project(bench.grant.shared(.writeOnly, random: .seeded(1)))
        #expect(try await project.deleteObject(bucket: "bucket", key: "a/b") == nil)
        #expect(await code { _ = try await bench.project().object(bucket: "bucket", key: "a/b") } == .objectNotFound)
    }

    @Test func `a shared prefix reaches what is below it and nothing else`() async throws {
        let (bench, _) = try await bench()
        try await bench.put("c")
        let grant = try bench.grant.shared(
            .readOnly, prefixes: [.init(bucket: Array("bucket".utf8), prefix: .init("a"))], random: .seeded(1))
        let project = try bench.project(grant)
        #expect(try await project.object(bucket: "bucket", key: "a/b").metadata["name"] == "value")
        do {
            _ = try await project.object(bucket: "bucket", key: "c")
            Issue.record("an object outside the shared prefix is found")
        } catch let error as UplinkError {
            #expect(error.code == .permissionDenied && error.advice.contains("\"a\""))
        }
        #expect(await code { try await project.deleteObject(bucket: "bucket", key: "a/b") } == .permissionDenied)
    }
}
