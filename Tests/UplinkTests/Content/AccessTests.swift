import AccessGrants
import Foundation
import NIOCore
import TestSupport
import Testing
import Uplink

@Suite struct AccessTests {
    @Test func `an access is the same after it was written and read`() async throws {
        let access = try Access(try await TestBench().grant.text)
        let again = try Access("  \(access.text)\n")
        #expect(again == access && again.text == access.text && again.satellite == access.satellite)
        #expect(!"\(access)".contains(access.text) && !"\(access)".contains(access.apiKey))
    }

    @Test(arguments: ["", "   ", "nonsense", "13YqfsH3xXjZ6PV5MBhxemNTqpfpfhNTEFr4G7ieVWTQizhoPA52tFwyKfUGcvJ6t4"])
    func `what is no access grant is refused`(_ text: String) {
        #expect(throws: UplinkError.self) { try Access(text) }
        do throws(UplinkError) { _ = try Access(text) } catch { #expect(error.code == .invalidAccess) }
    }

    @Test func `an inspection tells what a share allows`() async throws {
        let access = try Access(try await TestBench().grant.text)
        #expect(access.inspection.prefixes.isEmpty && access.inspection.hasProjectKey && access.inspection.encryptsKeys)
        #expect(access.inspection.permission.allowsUpload && access.inspection.caveats.isEmpty)
        let end = Date(timeIntervalSince1970: 2_000_000_000)
        let share = try access.shared(
            Permission(download: true, list: true, notAfter: end),
            prefixes: [SharePrefix(bucket: "photos", prefix: "2026/"), SharePrefix(bucket: "other")])
        let inspection = share.inspection
        #expect(Set(inspection.prefixes.map(\.description)) == ["sj://photos/2026", "sj://other/"])
        #expect(inspection.permission == Permission(download: true, list: true, notAfter: end))
        #expect(!inspection.hasProjectKey && inspection.unreadablePrefixes == 0 && inspection.caveats.count == 1)
        #expect(inspection.keyHead == access.inspection.keyHead)
        let narrow = try share.shared(.full, prefixes: [SharePrefix(bucket: "photos", prefix: "2026/summer")])
        #expect(narrow.inspection.prefixes == [SharePrefix(bucket: "photos", prefix: "2026/summer")])
        #expect(narrow.inspection.permission == Permission(download: true, list: true, notAfter: end))
    }

    @Test func `a share cannot reach beyond its access`() async throws {
        let access = try Access(try await TestBench().grant.text)
        let share = try access.shared(.readOnly, prefixes: [SharePrefix(bucket: "photos")])
        #expect(
            await code { _ = try share.shared(.full, prefixes: [SharePrefix(bucket: "other")]) } == .permissionDenied)
        #expect(await code { _ = try access.shared(Permission()) } == .invalidArgument)
        #expect(await code { _ = try access.shared(.full, prefixes: [SharePrefix(bucket: "")]) } == .invalidArgument)
    }

    @Test func `a share does what it allows and no more`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(10_000), "shared/key")
        try await bench.put(pattern(10), "private")
        let access = try Access(bench.grant.text)
        let share = try access.shared(.readOnly, prefixes: [SharePrefix(bucket: bench.bucket, prefix: "shared")])
        let project = try ContentBench.project(try AccessGrant(text: share.text), bench.satellite)
        var content: [UInt8] = []
        for try await buffer in try await project.download(bucket: bench.bucket, key: "shared/key") {
            content += buffer.readableBytesView
        }
        #expect(content == pattern(10_000))
        #expect(
            await code { _ = try await project.download(bucket: bench.bucket, key: "private") } == .permissionDenied)
        let written = await code {
            let upload = try await project.upload(bucket: bench.bucket, key: "shared/new")
            try await upload.commit()
        }
        #expect(written == .permissionDenied)
    }

    @Test func `a key of a prefix protects what lies below it`() async throws {
        let bench = try await ContentBench()
        let access = try Access(bench.grant.text)
        let salt = Array("user 1".utf8)
        let user = try access.overridingKey(
            try PrefixKey(passphrase: "secret", salt: salt), bucket: bench.bucket, prefix: "user1/")
        var configuration = Configuration()
        configuration.passphraseCheck = .off
        let project = try ContentBench.project(try AccessGrant(text: user.text), bench.satellite, configuration)
        let upload = try await project.upload(bucket: bench.bucket, key: "user1/key")
        try await upload.commit()
        #expect(try await project.object(bucket: bench.bucket, key: "user1/key").size == 0)
        let others = try ContentBench.project(try AccessGrant(text: access.text), bench.satellite, configuration)
        #expect(await code { _ = try await others.object(bucket: bench.bucket, key: "user1/key") } == .objectNotFound)
    }

    @Test func `an access is made of API key and passphrase`() async throws {
        #expect(
            await code { _ = try await Access.request(satellite: "nowhere", apiKey: "nonsense", passphrase: "") }
                == .invalidAccess)
    }
}
