import HTTPTypes
import S3Gateway
import S3Protocol
import Testing
import Uplink

@Suite struct BucketOperationTests {
    @Test func `a bucket is made, found, located and deleted`() async throws {
        let bench = try await GatewayBench()
        let configuration = """
            <CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>
            """
        #expect(try await bench.call(.put, "/photos", body: configuration)["location"] == "/photos")
        #expect(try await bench.call(.head, "/photos")["x-amz-bucket-region"] == "eu-west-1")
        #expect(try await bench.call(.get, "/photos?location").text.contains(">eu-west-1</LocationConstraint>"))
        #expect(try await bench.call(.put, "/photos").status == 200)
        #expect(try await bench.call(.put, "/photos", ["x-amz-acl": "public-read"]).code == .bucketAlreadyExists)
        #expect(try await bench.call(.put, "/photos/key", body: "x").status == 200)
        #expect(try await bench.call(.delete, "/photos").code == .bucketNotEmpty)
        #expect(try await bench.call(.delete, "/photos/key").status == 204)
        #expect(try await bench.call(.delete, "/photos").status == 204)
        #expect(try await bench.call(.head, "/photos").code == .noSuchBucket)
        #expect(try await bench.call(.delete, "/photos").code == .noSuchBucket)
    }

    @Test(arguments: ["a", "aa", "_bucket", "Bucket", "foo_bar", "foo-", "foo..bar", "foo.-bar", "foo-.bar", "192.168.5.123"])
    func `a bucket cannot have such a name`(_ name: String) async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/\(name)").code == .invalidBucketName)
    }

    @Test func `a new bucket does not inherit what was written about one of its name`() async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/photos", ["x-amz-acl": "public-read"]).status == 200)
        let grant = try #require(bench.main.grant)
        try await bench.gateway.context.projects.project(for: grant).deleteBucket("photos")
        #expect(try await bench.call(.put, "/photos").status == 200)
        #expect(try await bench.call(.head, "/photos", as: .anonymous).code == .accessDenied)
    }

    @Test func `unfinished uploads do not keep a bucket`() async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/photos").status == 200)
        #expect(try await bench.call(.post, "/photos/key?uploads").status == 200)
        #expect(try await bench.call(.delete, "/photos").status == 204)
    }

    @Test func `versions are kept from when they are wanted`() async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/photos").status == 200)
        #expect(!(try await bench.call(.get, "/photos?versioning").text.contains("Status")))
        for status in ["Suspended", "Enabled", "Enabled", "Suspended"] {
            let document = "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
            #expect(try await bench.call(.put, "/photos?versioning", body: document).status == 200)
            #expect(try await bench.call(.get, "/photos?versioning").text.contains("<Status>\(status)</Status>"))
        }
    }

    @Test func `a lock is put on buckets that keep versions, and then they keep them`() async throws {
        let bench = try await GatewayBench()
        let lock = """
            <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
            <Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>
            """
        #expect(try await bench.call(.put, "/plain").status == 200)
        #expect(try await bench.call(.put, "/plain?object-lock", body: lock).code == .invalidBucketState)
        #expect(try await bench.call(.get, "/plain?object-lock").code == .objectLockConfigurationNotFoundError)
        #expect(try await bench.call(.put, "/locked", ["x-amz-bucket-object-lock-enabled": "true"]).status == 200)
        #expect(try await bench.call(.put, "/locked?object-lock", body: lock).status == 200)
        #expect(try await bench.call(.get, "/locked?object-lock").text.hasSuffix(lock.dropFirst(24)))
        let suspension = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
        #expect(try await bench.call(.put, "/locked?versioning", body: suspension).code == .invalidBucketState)
    }

    @Test(arguments: [
        ("cors", S3ErrorCode.noSuchCORSConfiguration, 200),
        ("lifecycle", .noSuchLifecycleConfiguration, 200),
        ("website", .noSuchWebsiteConfiguration, 200),
        ("tagging", .noSuchTagSet, 204),
        ("encryption", .serverSideEncryptionConfigurationNotFoundError, 200),
        ("publicAccessBlock", .noSuchPublicAccessBlockConfiguration, 200),
        ("ownershipControls", .ownershipControlsNotFoundError, 200),
    ])
    func `a document is missing, kept, answered and removed`(
        _ name: String, _ missing: S3ErrorCode, _ status: Int
    ) async throws {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.get, "/photos?\(name)").code == .noSuchBucket)
        #expect(try await bench.call(.put, "/photos?\(name)", body: Self.documents[name] ?? "").code == .noSuchBucket)
        #expect(try await bench.call(.put, "/photos").status == 200)
        #expect(try await bench.call(.get, "/photos?\(name)").code == missing)
        #expect(try await bench.call(.put, "/photos?\(name)", body: "<Wrong/>").code == .malformedXML)
        #expect(try await bench.call(.put, "/photos?\(name)", body: Self.documents[name] ?? "").status == status)
        let kept = try await bench.call(.get, "/photos?\(name)")
        #expect(kept.status == 200 && kept.text.hasPrefix("<?xml"))
        #expect(try await bench.call(.delete, "/photos?\(name)").status == 204)
        #expect(try await bench.call(.get, "/photos?\(name)").code == missing)
        #expect(try await bench.call(.delete, "/photos?\(name)").status == 204)
    }

    private static let documents = [
        "cors": """
            <CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>
            """,
        "lifecycle": """
            <LifecycleConfiguration><Rule><ID>a</ID><Prefix>b</Prefix><Status>Enabled</Status>\
            <Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>
            """,
        "website": """
            <WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>
            """,
        "tagging": "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
        "encryption": """
            <ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
            <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>
            """,
        "publicAccessBlock": """
            <PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>
            """,
        "ownershipControls": """
            <OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>
            """,
    ]
}
