import TestSupport
import Chores
import HTTPTypes
import S3Gateway
import S3Protocol
import SatelliteTesting
import Testing

@Suite struct LifecycleChoreTests {
    private func bench(_ rules: String, versioned: Bool = false) async throws -> GatewayBench {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        if versioned {
            let document = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
            #expect(try await bench.call(.put, "/bucket?versioning", body: document).status == 200)
        }
        let document = "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
        #expect(try await bench.call(.put, "/bucket?lifecycle", body: document).status == 200)
        return bench
    }

    private func rule(_ action: String, prefix: String = "", filter: String? = nil) -> String {
        let filter = filter ?? "<Prefix>\(prefix)</Prefix>"
        return "<Rule><Filter>\(filter)</Filter><Status>Enabled</Status>\(action)</Rule>"
    }

    private func round(_ bench: GatewayBench, after days: Int) async throws {
        bench.satellite.clock.advance(by: .seconds(86_400 * days))
        let cycle = try #require(bench.gateway.cycles.first { $0.name == "lifecycle" })
        try await cycle.triggerAndWait()
    }

    @Test func `objects expire when their days are over and no sooner`() async throws {
        let bench = try await bench(rule("<Expiration><Days>3</Days></Expiration>", prefix: "logs/"))
        for key in ["logs/a", "keep"] { #expect(try await bench.call(.put, "/bucket/\(key)", body: "x").status == 200) }
        try await round(bench, after: 2)
        #expect(try await bench.call(.head, "/bucket/logs/a").status == 200)
        try await round(bench, after: 2)
        #expect(try await bench.call(.head, "/bucket/logs/a").code == .noSuchKey)
        #expect(try await bench.call(.head, "/bucket/keep").status == 200)
        let listed = try await bench.call(.get, "/bucket").text
        #expect(listed.contains("<Key>keep</Key>") && !listed.contains("logs/a"))
    }

    @Test func `tags and sizes decide where a rule names them`() async throws {
        let filter = "<And><Tag><Key>a</Key><Value>b</Value></Tag><ObjectSizeGreaterThan>2</ObjectSizeGreaterThan></And>"
        let bench = try await bench(rule("<Expiration><Days>1</Days></Expiration>", filter: filter))
        let tags = ["x-amz-tagging": "a=b"]
        #expect(try await bench.call(.put, "/bucket/small", tags, body: "xx").status == 200)
        #expect(try await bench.call(.put, "/bucket/large", tags, body: "xxx").status == 200)
        #expect(try await bench.call(.put, "/bucket/plain", body: "xxx").status == 200)
        try await round(bench, after: 2)
        #expect(try await bench.call(.head, "/bucket/small").status == 200)
        #expect(try await bench.call(.head, "/bucket/plain").status == 200)
        #expect(try await bench.call(.head, "/bucket/large").code == .noSuchKey)
    }

    @Test func `with versions an expired object is hidden, and old versions go by their own rule`() async throws {
        let actions = """
            <Expiration><Days>10</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>\
            <NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>
            """
        let bench = try await bench(rule(actions), versioned: true)
        for body in ["1", "22", "333"] { #expect(try await bench.call(.put, "/bucket/key", body: body).status == 200) }
        try await round(bench, after: 3)
        let versions = try await bench.call(.get, "/bucket?versions").text
        #expect(versions.contains("<Size>3</Size>") && versions.contains("<Size>2</Size>"))
        #expect(!versions.contains("<Size>1</Size>"))
        try await round(bench, after: 9)
        #expect(try await bench.call(.get, "/bucket/key").code == .noSuchKey)
        #expect(try await bench.call(.get, "/bucket?versions").text.contains("<DeleteMarker>"))
    }

    @Test func `a delete marker with nothing under it goes`() async throws {
        let action = "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
        let bench = try await bench(rule(action), versioned: true)
        let put = try await bench.call(.put, "/bucket/key", body: "x")
        #expect(try await bench.call(.delete, "/bucket/key").status == 204)
        try await round(bench, after: 1)
        #expect(try await bench.call(.get, "/bucket?versions").text.contains("<DeleteMarker>"))
        let version = try #require(put["x-amz-version-id"])
        #expect(try await bench.call(.delete, "/bucket/key?versionId=\(version)").status == 204)
        try await round(bench, after: 1)
        #expect(!(try await bench.call(.get, "/bucket?versions").text.contains("<DeleteMarker>")))
    }

    @Test func `uploads that nobody finishes are aborted`() async throws {
        let action = """
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>
            """
        let bench = try await bench(rule(action))
        #expect(try await bench.call(.post, "/bucket/key?uploads").status == 200)
        try await round(bench, after: 1)
        #expect(try await bench.call(.get, "/bucket?uploads").text.contains("<Key>key</Key>"))
        try await round(bench, after: 2)
        #expect(!(try await bench.call(.get, "/bucket?uploads").text.contains("<Key>key</Key>")))
    }

    @Test func `what is locked stays`() async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket", ["x-amz-bucket-object-lock-enabled": "true"]).status == 200)
        let rules = rule("<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>")
        let document = "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
        #expect(try await bench.call(.put, "/bucket?lifecycle", body: document).status == 200)
        let hold = ["x-amz-object-lock-legal-hold": "ON"]
        let version = try await bench.call(.put, "/bucket/key", hold, body: "held")["x-amz-version-id"]
        #expect(try await bench.call(.put, "/bucket/key", body: "new").status == 200)
        try await round(bench, after: 5)
        #expect(try await bench.call(.get, "/bucket/key?versionId=\(version ?? "")").text == "held")
    }

    @Test func `rules that cannot be are refused`() async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        let rules: [(String, S3ErrorCode)] = [
            (rule("<Expiration><Days>0</Days></Expiration>"), .invalidArgument),
            (rule(""), .invalidRequest),
            (rule("<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"), .notImplemented),
            (rule("<Expiration><Date>2026-01-01T01:00:00Z</Date></Expiration>"), .invalidArgument),
        ]
        for (rule, code) in rules {
            let document = "<LifecycleConfiguration>\(rule)</LifecycleConfiguration>"
            #expect(try await bench.call(.put, "/bucket?lifecycle", body: document).code == code)
        }
    }
}
