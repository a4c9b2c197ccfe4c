import AccessGrants
import Encryption
import TestSupport
import Testing
import Uplink

@Suite struct BucketTests {
    @Test func `buckets are created, found, listed by name and deleted`() async throws {
        let project = try await TestBench().project()
        for name in ["second", "first", "third"] { #expect(try await project.createBucket(name).name == name) }
        #expect(try await project.bucket("first").createdAt != nil)
        var names: [String] = []
        for try await bucket in project.buckets() { names.append(bucket.name) }
        #expect(names == ["first", "second", "third"])
        names = []
        for try await bucket in project.buckets(after: "first") { names.append(bucket.name) }
        #expect(names == ["second", "third"])
        #expect(try await project.deleteBucket("second") == 0)
        #expect(await code { _ = try await project.bucket("second") } == .bucketNotFound)
    }

    @Test func `a bucket is created once but ensured often`() async throws {
        let project = try await TestBench().project()
        try await project.ensureBucket("bucket")
        #expect(try await project.ensureBucket("bucket").name == "bucket")
        #expect(await code { try await project.createBucket("bucket") } == .bucketAlreadyExists)
    }

    @Test(arguments: ["", "AB", "no_underscore", "-hyphen", "192.168.0.1"])
    func `names that cannot be are refused`(_ name: String) async throws {
        let project = try await TestBench().project()
        #expect(await code { try await project.createBucket(name) } == .bucketNameInvalid)
    }

    @Test func `a bucket goes with its objects only when told so`() async throws {
        let bench = try await TestBench()
        let project = try bench.project()
        try await project.createBucket("bucket")
        for key in ["a", "b/c", "d"] { try await bench.put(key) }
        #expect(await code { try await project.deleteBucket("bucket") } == .bucketNotEmpty)
        #expect(try await project.deleteBucket("bucket", withObjects: true) == 3)
        #expect(await code { try await project.deleteBucket("bucket") } == .bucketNotFound)
    }

    @Test func `versions are switched on and off`() async throws {
        let project = try await TestBench().project()
        try await project.createBucket("bucket")
        #expect(try await project.versioning(ofBucket: "bucket") == .unversioned)
        try await project.setVersioning(true, ofBucket: "bucket")
        #expect(try await project.versioning(ofBucket: "bucket") == .enabled)
        try await project.setVersioning(false, ofBucket: "bucket")
        #expect(try await project.versioning(ofBucket: "bucket") == .suspended)
        #expect(await code { _ = try await project.versioning(ofBucket: "none") } == .bucketNotFound)
    }

    @Test func `object lock has a default retention`() async throws {
        let project = try await TestBench().project()
        try await project.createBucket("plain")
        try await project.createBucket("locked", objectLock: true)
        #expect(try await project.objectLock(ofBucket: "plain") == nil)
        #expect(try await project.objectLock(ofBucket: "locked") == BucketObjectLock())
        let lock = BucketObjectLock(defaultRetention: .init(mode: .governance, period: .days(3)))
        try await project.setObjectLock(lock, ofBucket: "locked")
        #expect(try await project.objectLock(ofBucket: "locked") == lock)
        #expect(await code { try await project.setVersioning(false, ofBucket: "locked") } == .invalidArgument)
        let tooLong = BucketObjectLock(defaultRetention: .init(mode: .compliance, period: .years(11)))
        #expect(await code { try await project.setObjectLock(tooLong, ofBucket: "locked") } == .invalidArgument)
    }

    @Test func `a grant sees only its buckets and may do only what it allows`() async throws {
        let bench = try await TestBench()
        try await bench.project().createBucket("mine")
        try await bench.project().createBucket("others")
        let grant = try bench.grant.shared(
            .readOnly, prefixes: [.init(bucket: Array("mine".utf8), prefix: .init(bytes: []))], random: .seeded(1))
        let project = try bench.project(grant)
        var names: [String] = []
        for try await bucket in project.buckets() { names.append(bucket.name) }
        #expect(names == ["mine"])
        #expect(await code { try await project.createBucket("new") } == .permissionDenied)
        #expect(await code { _ = try await project.bucket("others") } == .permissionDenied)
        #expect(await code { try await project.deleteBucket("mine") } == .permissionDenied)
    }
}
