import AccessGrants
import Encryption
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink
import WireMessages

@Suite struct PassphraseTests {
    /// A bucket written with one passphrase, and a project opened with another.
    private func benches(_ cipher: CipherSuite = .aesGCM) async throws -> (right: TestBench, wrong: TestBench) {
        let right = try await TestBench(passphrase: 1, cipher: cipher)
        try await right.project().createBucket("bucket")
        try await right.put("a", metadata: ["name": "a"])
        try await right.put("b/c", metadata: ["name": "c"])
        return (right, try await TestBench(right.satellite, passphrase: 2, cipher: cipher))
    }

    @Test(arguments: ["", "b/"], [true, false])
    func `a listing of which nothing decrypts is an error`(_ prefix: String, _ isRecursive: Bool) async throws {
        let (right, wrong) = try await benches()
        let options = ListOptions(prefix: prefix, isRecursive: isRecursive)
        let project = try wrong.project()
        #expect(
            await code { _ = try await project.objects(bucket: "bucket", options: options).keys() }
                == .wrongPassphrase)
        #expect(try await right.project().objects(bucket: "bucket", options: options).keys().isEmpty == false)
    }

    @Test func `with the check off an undecryptable listing is empty and counted`() async throws {
        let (_, wrong) = try await benches()
        var configuration = Configuration()
        configuration.passphraseCheck = .off
        let project = try wrong.project(nil, configuration)
        var pages = project.objects(bucket: "bucket").pages.makeAsyncIterator()
        let page = try #require(try await pages.next())
        #expect(page.items.isEmpty && page.undecryptableCount == 2 && page.cursor == nil)
        #expect(try await pages.next() == nil)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "a") } == .objectNotFound)
    }

    @Test func `a bucket of several passphrases shows what decrypts`() async throws {
        let (right, wrong) = try await benches()
        try await wrong.put("mine")
        for (bench, keys) in [(right, ["a", "b/"]), (wrong, ["mine"])] {
            let project = try bench.project()
            #expect(try await project.objects(bucket: "bucket").keys() == keys)
            #expect(await code { _ = try await project.object(bucket: "bucket", key: "none") } == .objectNotFound)
            var options = ListOptions()
            options.pageSize = 1
            #expect(try await project.objects(bucket: "bucket", options: options).keys() == keys)
        }
        var undecryptable = 0
        for try await page in try right.project().objects(bucket: "bucket").pages {
            undecryptable += page.undecryptableCount
        }
        #expect(undecryptable == 1)
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `what is not found makes the passphrase doubtful`(_ cipher: CipherSuite) async throws {
        let (right, wrong) = try await benches(cipher)
        let project = try wrong.project()
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "a") } == .wrongPassphrase)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "none") } == .wrongPassphrase)
        #expect(await code { try await project.deleteObject(bucket: "bucket", key: "none") } == .wrongPassphrase)
        #expect(
            await code {
                _ = try await project.deleteObjects(bucket: "bucket", [ObjectReference(key: "none")])
            } == .wrongPassphrase)
        #expect(
            await code {
                try await project.copyObject(bucket: "bucket", key: "none", newBucket: "bucket", newKey: "x")
            } == .wrongPassphrase)
        #expect(
            await code { _ = try await right.project().object(bucket: "bucket", key: "none") } == .objectNotFound)
    }

    @Test func `keys in the clear do not hide a wrong passphrase`() async throws {
        let (_, wrong) = try await benches(.null)
        let project = try wrong.project()
        #expect(try await project.objects(bucket: "bucket").keys() == ["a", "b/"])
        var options = ListOptions(prefix: "", isRecursive: true)
        options.includesCustomMetadata = true
        #expect(
            await code { _ = try await project.objects(bucket: "bucket", options: options).keys() }
                == .wrongPassphrase)
        #expect(
            await code { try await project.updateMetadata(bucket: "bucket", key: "a", metadata: [:]) }
                == .wrongPassphrase)
        #expect(
            await code {
                try await project.moveObject(bucket: "bucket", key: "a", newBucket: "bucket", newKey: "x")
            } == .wrongPassphrase)
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `a fresh passphrase is compared with what the project holds`(_ cipher: CipherSuite) async throws {
        let (right, wrong) = try await benches(cipher)
        try await right.project().createBucket("another")
        #expect(try await right.project().verifyPassphrase() == .verified)
        #expect(await code { try await wrong.project().verifyPassphrase() } == .wrongPassphrase)
        let empty = try await TestBench()
        #expect(try await empty.project().verifyPassphrase() == .nothingStored)
        try await empty.project().createBucket("bucket")
        #expect(try await empty.project().verifyPassphrase() == .nothingStored)
    }

    @Test func `a grant that may not list is not judged`() async throws {
        let (_, wrong) = try await benches()
        let project = try wrong.project(
            wrong.grant.shared(.init(download: true, upload: true), random: .seeded(1)))
        #expect(try await project.verifyPassphrase() == .nothingStored)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "a") } == .objectNotFound)
    }

    @Test func `a shared prefix is compared with what lies below it`() async throws {
        let (right, _) = try await benches()
        let shared = try right.grant.shared(
            .full, prefixes: [.init(bucket: Array("bucket".utf8), prefix: .init("b/"))], random: .seeded(1))
        let project = try right.project(shared)
        #expect(try await project.verifyPassphrase() == .verified)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "b/none") } == .objectNotFound)
        let key = try #require(EncryptionKey([UInt8](repeating: 9, count: 32)))
        let foreign = try right.grant.overriding(
            key: key, under: .init(bucket: Array("bucket".utf8), prefix: .init("b/")))
        let strange = try right.project(foreign)
        #expect(await code { _ = try await strange.object(bucket: "bucket", key: "b/c") } == .wrongPassphrase)
        #expect(try await strange.object(bucket: "bucket", key: "a").metadata == ["name": "a"])
    }

    @Test func `comparing costs one small listing a place`() async throws {
        let satellite = ScriptedSatellite([
            .refusal(.init(.notFound, "object not found: x")), try .batch(.objectList(.init())),
            .refusal(.init(.notFound, "object not found: x")), .refusal(.init(.notFound, "object not found: x")),
        ])
        let project = try satellite.project()
        for key in ["a", "b/c", "d"] {
            #expect(await code { _ = try await project.object(bucket: "bucket", key: key) } == .objectNotFound)
        }
        #expect(satellite.questions.count == 4)
    }
}

extension ScriptedSatellite.Answer {
    /// One answer to a batch of one.
    static func batch(_ response: Metainfo_BatchResponseItem.OneOf_Response) throws -> Self {
        try ScriptedSatellite.batch(response)
    }
}
