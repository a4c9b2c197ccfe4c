import Encryption
import SatelliteTesting
import TestSupport
import Testing
import Uplink

@Suite struct CopyingTests {
    private func bench(_ cipher: CipherSuite = .aesGCM) async throws -> (TestBench, Uplink.Project) {
        let bench = try await TestBench(cipher: cipher)
        let project = try bench.project()
        try await project.createBucket("bucket")
        try await project.createBucket("other")
        try await bench.put("a/b", content: "content", metadata: ["name": "value"])
        return (bench, project)
    }

    @Test(arguments: [CipherSuite.aesGCM, .null], [("bucket", "c"), ("other", "a/b"), ("bucket", "a/b")])
    func `a copy has the content and metadata of its source`(
        _ cipher: CipherSuite, _ target: (bucket: String, key: String)
    ) async throws {
        let (bench, project) = try await bench(cipher)
        let copy = try await project.copyObject(
            bucket: "bucket", key: "a/b", newBucket: target.bucket, newKey: target.key)
        #expect(copy.bucket == target.bucket && copy.key == target.key && copy.size == 7)
        #expect(copy.metadata == ["name": "value"])
        #expect(try await project.object(bucket: target.bucket, key: target.key) == copy)
        #expect(try await bench.content(target.key, bucket: target.bucket) == "content")
        #expect(try await bench.content("a/b") == "content")
    }

    @Test func `a copy can have other metadata`() async throws {
        let (bench, project) = try await bench()
        var options = CopyOptions()
        options.metadata = ["other": "1"]
        let copy = try await project.copyObject(
            bucket: "bucket", key: "a/b", newBucket: "bucket", newKey: "c", options: options)
        #expect(copy.metadata == ["other": "1"] && copy.size == 7)
        #expect(try await bench.content("c") == "content")
        #expect(try await project.object(bucket: "bucket", key: "a/b").metadata == ["name": "value"])
    }

    @Test func `a copy can refuse to replace`() async throws {
        let (bench, project) = try await bench()
        try await bench.put("c", content: "old")
        var options = CopyOptions()
        options.failsIfExists = true
        #expect(
            await code {
                try await project.copyObject(
                    bucket: "bucket", key: "a/b", newBucket: "bucket", newKey: "c", options: options)
            } == .objectAlreadyExists)
        #expect(try await bench.content("c") == "old")
        try await project.copyObject(bucket: "bucket", key: "a/b", newBucket: "bucket", newKey: "c")
        #expect(try await bench.content("c") == "content")
    }

    @Test func `an older version is copied when asked for`() async throws {
        let (bench, project) = try await bench()
        try await project.setVersioning(true, ofBucket: "bucket")
        try await bench.put("v", content: "old")
        let version = try await project.object(bucket: "bucket", key: "v").version
        try await bench.put("v", content: "new")
        try await project.copyObject(
            bucket: "bucket", key: "v", version: version, newBucket: "other", newKey: "v")
        #expect(try await bench.content("v", bucket: "other") == "old")
    }

    @Test(arguments: [CipherSuite.aesGCM, .null], [("bucket", "c"), ("other", "a/b")])
    func `a moved object is only at its new place`(
        _ cipher: CipherSuite, _ target: (bucket: String, key: String)
    ) async throws {
        let (bench, project) = try await bench(cipher)
        try await project.moveObject(
            bucket: "bucket", key: "a/b", newBucket: target.bucket, newKey: target.key)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "a/b") } == .objectNotFound)
        let moved = try await project.object(bucket: target.bucket, key: target.key)
        #expect(moved.metadata == ["name": "value"] && moved.size == 7)
        #expect(try await bench.content(target.key, bucket: target.bucket) == "content")
    }

    @Test func `what is missing is named`() async throws {
        let (_, project) = try await bench()
        for (bucket, key, newBucket, expected) in [
            ("bucket", "none", "bucket", UplinkError.Code.objectNotFound),
            ("none", "a/b", "bucket", .bucketNotFound),
            ("bucket", "a/b", "none", .bucketNotFound),
        ] {
            #expect(
                await code {
                    try await project.copyObject(bucket: bucket, key: key, newBucket: newBucket, newKey: "x")
                } == expected)
            #expect(
                await code {
                    try await project.moveObject(bucket: bucket, key: key, newBucket: newBucket, newKey: "x")
                } == expected)
        }
    }
}
