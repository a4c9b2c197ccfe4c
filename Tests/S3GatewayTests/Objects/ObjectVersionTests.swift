import HTTPTypes
import S3Protocol
import Testing

@Suite struct ObjectVersionTests {
    private func bench(lock: Bool = false) async throws -> GatewayBench {
        let bench = try await GatewayBench()
        let headers = lock ? ["x-amz-bucket-object-lock-enabled": "true"] : [:]
        #expect(try await bench.call(.put, "/bucket", headers).status == 200)
        return bench
    }

    private func setVersioning(_ status: String, _ bench: GatewayBench) async throws {
        let document = "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
        #expect(try await bench.call(.put, "/bucket?versioning", body: document).status == 200)
    }

    @Test func `versions are read, hidden and removed each on its own`() async throws {
        let bench = try await bench()
        try await setVersioning("Enabled", bench)
        var versions: [String] = []
        for body in ["1", "2"] {
            versions.append(try #require(try await bench.call(.put, "/bucket/key", body: body)["x-amz-version-id"]))
        }
        #expect(try await bench.call(.get, "/bucket/key?versionId=\(versions[0])").text == "1")
        let marker = try await bench.call(.delete, "/bucket/key")["x-amz-version-id"]
        #expect(try await bench.call(.get, "/bucket/key").code == .noSuchKey)
        let unhidden = try await bench.call(.delete, "/bucket/key?versionId=\(try #require(marker))")
        #expect(unhidden["x-amz-delete-marker"] == "true" && unhidden["x-amz-version-id"] == marker)
        #expect(try await bench.call(.get, "/bucket/key").text == "2")
        #expect(try await bench.call(.delete, "/bucket/key?versionId=\(versions[1])").status == 204)
        #expect(try await bench.call(.get, "/bucket/key").text == "1")
    }

    @Test func `the version null is the one without versions`() async throws {
        let bench = try await bench()
        _ = try await bench.call(.put, "/bucket/a/key", body: "old")
        try await setVersioning("Enabled", bench)
        #expect(try await bench.call(.put, "/bucket/a/key", body: "new")["x-amz-version-id"] != nil)
        let null = try await bench.call(.get, "/bucket/a/key?versionId=null")
        #expect(null.text == "old" && null["x-amz-version-id"] == "null")
        #expect(try await bench.call(.delete, "/bucket/a/key?versionId=null").status == 204)
        #expect(try await bench.call(.delete, "/bucket/a/key?versionId=null").status == 204, "it is gone already")
        #expect(try await bench.call(.get, "/bucket/a/key?versionId=null").code == .noSuchVersion)
        try await setVersioning("Suspended", bench)
        #expect(try await bench.call(.delete, "/bucket/a/key")["x-amz-version-id"] == "null")
        #expect(try await bench.call(.get, "/bucket/a/key").code == .noSuchKey)
        #expect(try await bench.call(.delete, "/bucket/a/key?versionId=null")["x-amz-delete-marker"] == "true")
        #expect(try await bench.call(.get, "/bucket/a/key").text == "new")
    }

    @Test func `many are deleted at once and each fares on its own`() async throws {
        let bench = try await bench()
        let tag = try #require(try await bench.call(.put, "/bucket/a", body: "1")["etag"])
        _ = try await bench.call(.put, "/bucket/b", body: "2")
        let document = """
            <Delete><Object><Key>a</Key><ETag>x</ETag></Object><Object><Key>b</Key></Object>\
            <Object><Key>never</Key></Object><Object><Key>c</Key><VersionId>x</VersionId></Object></Delete>
            """
        let answer = try await bench.call(.post, "/bucket?delete", body: document)
        #expect(answer.status == 200)
        #expect(answer.text.contains("<Error><Key>a</Key><Code>PreconditionFailed</Code>"))
        #expect(answer.text.contains("<Deleted><Key>b</Key></Deleted><Deleted><Key>never</Key></Deleted>"))
        #expect(answer.text.contains("<Code>InvalidArgument</Code>"))
        #expect(try await bench.call(.get, "/bucket/a").text == "1")
        let quiet = "<Delete><Quiet>true</Quiet><Object><Key>a</Key><ETag>\(tag)</ETag></Object></Delete>"
        #expect(try await !bench.call(.post, "/bucket?delete", body: quiet).text.contains("Deleted"))
        #expect(try await bench.call(.get, "/bucket/a").code == .noSuchKey)
    }

    @Test func `tags are told, replaced and taken away, of older versions too`() async throws {
        let bench = try await bench()
        try await setVersioning("Enabled", bench)
        let put = try await bench.call(.put, "/bucket/key", ["x-amz-tagging": "foo=bar&bar"], body: "1")
        let version = try #require(put["x-amz-version-id"])
        _ = try await bench.call(.put, "/bucket/key", body: "2")
        let tags = "<Tag><Key>bar</Key><Value></Value></Tag><Tag><Key>foo</Key><Value>bar</Value></Tag>"
        let path = "/bucket/key?tagging&versionId=\(version)"
        #expect(try await bench.call(.get, path).text.contains("<TagSet>\(tags)</TagSet>"))
        let document = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"
        #expect(try await bench.call(.put, path, body: document).status == 200)
        #expect(try await bench.call(.get, path).text.contains("<Key>k</Key>"))
        #expect(try await bench.call(.get, "/bucket/key?versionId=\(version)").text == "1")
        #expect(try await bench.call(.get, "/bucket/key?tagging").text.contains("<TagSet></TagSet>"))
        #expect(try await bench.call(.delete, path).status == 204)
        #expect(try await bench.call(.get, path).text.contains("<TagSet></TagSet>"))
        let many = (0..<11).map { "<Tag><Key>\($0)</Key><Value>v</Value></Tag>" }.joined()
        let refused = try await bench.call(.put, path, body: "<Tagging><TagSet>\(many)</TagSet></Tagging>")
        #expect(refused.code == .invalidTag)
        #expect(try await bench.call(.put, path, body: "<Tagging>").code == .malformedXML)
    }

    @Test func `a locked version stays, and its lock can only be changed as S3 lets it`() async throws {
        let bench = try await bench(lock: true)
        let lock = [
            "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "2126-01-01T00:00:00Z",
        ]
        let version = try #require(try await bench.call(.put, "/bucket/key", lock, body: "1")["x-amz-version-id"])
        let head = try await bench.call(.head, "/bucket/key")
        #expect(head["x-amz-object-lock-mode"] == "GOVERNANCE")
        #expect(head["x-amz-object-lock-retain-until-date"] == "2126-01-01T00:00:00.000Z")
        let path = "/bucket/key?versionId=\(version)"
        #expect(try await bench.call(.delete, path).code == .accessDenied)
        func retention(_ mode: String, _ year: Int) -> String {
            "<Retention><Mode>\(mode)</Mode><RetainUntilDate>\(year)-01-01T00:00:00Z</RetainUntilDate></Retention>"
        }
        let place = "/bucket/key?retention"
        #expect(try await bench.call(.put, place, body: retention("GOVERNANCE", 2125)).code == .accessDenied)
        #expect(try await bench.call(.put, place, body: retention("COMPLIANCE", 2126)).code == .accessDenied)
        #expect(try await bench.call(.put, place, body: retention("governance", 2127)).code == .malformedXML)
        #expect(try await bench.call(.put, place, body: retention("GOVERNANCE", 1990)).code == .invalidArgument)
        #expect(try await bench.call(.put, place, body: retention("GOVERNANCE", 2127)).status == 200)
        #expect(try await bench.call(.get, place).text.contains("2127-01-01T00:00:00.000Z"))
        let hold = "<LegalHold><Status>ON</Status></LegalHold>"
        #expect(try await bench.call(.put, "/bucket/key?legal-hold", body: hold).status == 200)
        #expect(try await bench.call(.get, "/bucket/key?legal-hold").text.contains("<Status>ON</Status>"))
        let bypass = ["x-amz-bypass-governance-retention": "true"]
        #expect(try await bench.call(.delete, path, bypass).code == .accessDenied, "the hold is still on")
        let release = "<LegalHold><Status>OFF</Status></LegalHold>"
        #expect(try await bench.call(.put, "/bucket/key?legal-hold", body: release).status == 200)
        #expect(try await bench.call(.delete, path, bypass).status == 204)
    }

    @Test func `a bucket without lock locks nothing`() async throws {
        let bench = try await bench()
        _ = try await bench.call(.put, "/bucket/key", body: "1")
        let retention =
            "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2126-01-01T00:00:00Z</RetainUntilDate></Retention>"
        #expect(try await bench.call(.put, "/bucket/key?retention", body: retention).code == .invalidRequest)
        #expect(try await bench.call(.get, "/bucket/key?retention").code == .invalidRequest)
        #expect(try await bench.call(.get, "/bucket/key?legal-hold").code == .invalidRequest)
        let lock = [
            "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "2126-01-01T00:00:00Z",
        ]
        #expect(try await bench.call(.put, "/bucket/key", lock, body: "2").code == .invalidRequest)
        #expect(try await bench.call(.put, "/bucket/key", ["x-amz-object-lock-mode": "GOVERNANCE"]).code == .invalidArgument)
    }
}
