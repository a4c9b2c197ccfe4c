import Uplink
import GatewayRecords
import HTTPTypes
import S3Gateway
import S3Protocol
import Testing

/// Who gets into whose bucket.
@Suite struct StrangerTests {
    private func bench() async throws -> (GatewayBench, stranger: Caller) {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        #expect(try await bench.call(.put, "/bucket/key", body: "content").status == 200)
        return (bench, try await bench.stranger("stranger"))
    }

    private func policy(_ action: String, _ resource: String, effect: String = "Allow") -> String {
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"\(effect)","Principal":"*","Action":"\(action)",
        "Resource":"arn:aws:s3:::\(resource)"}]}
        """
    }

    @Test func `a private bucket is closed to strangers and to who does not sign`() async throws {
        let (bench, stranger) = try await bench()
        for caller in [stranger, .anonymous] {
            #expect(try await bench.call(.get, "/bucket/key", as: caller).code == .accessDenied)
            #expect(try await bench.call(.put, "/bucket/key", body: "x", as: caller).code == .accessDenied)
            #expect(try await bench.call(.delete, "/bucket/key", as: caller).code == .accessDenied)
            #expect(try await bench.call(.head, "/bucket", as: caller).code == .accessDenied)
            #expect(try await bench.call(.get, "/bucket?acl", as: caller).code == .accessDenied)
            #expect(try await bench.call(.delete, "/bucket", as: caller).code == .accessDenied)
            #expect(try await bench.call(.put, "/bucket?policy", body: "{}", as: caller).code == .accessDenied)
        }
        #expect(try await bench.call(.get, "/nobodys/key", as: .anonymous).code == .noSuchBucket)
        #expect(try await bench.call(.put, "/mine", as: .anonymous).code == .accessDenied)
    }

    @Test func `a policy lets strangers do what it names and nothing else`() async throws {
        let (bench, stranger) = try await bench()
        let document = policy("s3:GetObject", "bucket/*")
        #expect(try await bench.call(.put, "/bucket?policy", body: document).status == 204)
        #expect(try await bench.call(.get, "/bucket?policy").text == document)
        for caller in [stranger, .anonymous] {
            #expect(try await bench.call(.get, "/bucket/key", as: caller).text == "content")
            #expect(try await bench.call(.put, "/bucket/key", body: "x", as: caller).code == .accessDenied)
            #expect(try await bench.call(.head, "/bucket", as: caller).code == .accessDenied)
        }
        #expect(try await bench.call(.delete, "/bucket?policy").status == 204)
        #expect(try await bench.call(.get, "/bucket/key", as: stranger).code == .accessDenied)
        #expect(try await bench.call(.get, "/bucket?policy").code == .noSuchBucketPolicy)
    }

    @Test func `what a policy denies is denied to the owner too, but for the policy itself`() async throws {
        let (bench, _) = try await bench()
        let document = policy("s3:*", "bucket/*", effect: "Deny")
        #expect(try await bench.call(.put, "/bucket?policy", body: document).status == 204)
        #expect(try await bench.call(.get, "/bucket/key").code == .accessDenied)
        #expect(try await bench.call(.delete, "/bucket?policy").status == 204)
        #expect(try await bench.call(.get, "/bucket/key").text == "content")
    }

    @Test func `lists of buckets and objects let in whom they name`() async throws {
        let (bench, stranger) = try await bench()
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-acl": "public-read"]).status == 200)
        #expect(try await bench.call(.head, "/bucket", as: .anonymous).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", as: stranger).code == .accessDenied)
        #expect(try await bench.call(.get, "/bucket/other", as: stranger).code == .noSuchKey)
        #expect(try await bench.call(.put, "/bucket/key?acl", ["x-amz-acl": "public-read"]).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", as: .anonymous).text == "content")
        #expect(try await bench.call(.put, "/bucket/key", body: "x", as: stranger).code == .accessDenied)
        let id = try #require(stranger.account?.id)
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-grant-write": "id=\(id)"]).status == 200)
        #expect(try await bench.call(.put, "/bucket/his", body: "his", as: stranger).status == 200)
        #expect(try await bench.call(.get, "/bucket/his", as: stranger).text == "his")
        #expect(try await bench.call(.get, "/bucket/his?acl", as: stranger).text.contains(id))
        #expect(try await bench.call(.get, "/bucket/his?acl").code == .accessDenied)
        #expect(try await bench.call(.get, "/bucket/his").text == "his")
    }

    @Test func `grants to nobody are refused by their kind`() async throws {
        let (bench, _) = try await bench()
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-grant-read": "id=nobody"]).code == .invalidArgument)
        let address = ["x-amz-grant-read": "emailAddress=nobody@example.com"]
        #expect(try await bench.call(.put, "/bucket?acl", address).code == .unresolvableGrantByEmailAddress)
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-acl": "everybody"]).code == .invalidArgument)
        #expect(try await bench.call(.put, "/bucket?acl").code == .missingSecurityHeader)
    }

    @Test func `many objects are deleted only where each may be`() async throws {
        let (bench, stranger) = try await bench()
        #expect(try await bench.call(.put, "/bucket/other", body: "x").status == 200)
        let document = policy("s3:DeleteObject", "bucket/other")
        #expect(try await bench.call(.put, "/bucket?policy", body: document).status == 204)
        let request = "<Delete><Object><Key>key</Key></Object><Object><Key>other</Key></Object></Delete>"
        let answer = try await bench.call(.post, "/bucket?delete", body: request, as: stranger)
        #expect(answer.text.contains("<Error><Key>key</Key><Code>AccessDenied</Code>"))
        #expect(answer.text.contains("<Deleted><Key>other</Key></Deleted>"))
        #expect(try await bench.call(.get, "/bucket/key").text == "content")
        #expect(try await bench.call(.get, "/bucket/other").code == .noSuchKey)
    }

    @Test func `a public-access block closes what is open and keeps closed what is not`() async throws {
        let (bench, stranger) = try await bench()
        #expect(try await bench.call(.put, "/bucket?policy", body: policy("s3:GetObject", "bucket/*")).status == 204)
        let block = """
            <PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
            <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>\
            </PublicAccessBlockConfiguration>
            """
        #expect(try await bench.call(.put, "/bucket?publicAccessBlock", body: block).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", as: stranger).code == .accessDenied)
        #expect(try await bench.call(.get, "/bucket/key").text == "content")
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-acl": "public-read"]).code == .accessDenied)
        let put = try await bench.call(.put, "/bucket/new", ["x-amz-acl": "public-read"], body: "x")
        #expect(put.code == .accessDenied)
        #expect(try await bench.call(.put, "/bucket?policy", body: policy("s3:GetObject", "bucket/*")).code == .accessDenied)
        #expect(try await bench.call(.delete, "/bucket?publicAccessBlock").status == 204)
        #expect(try await bench.call(.get, "/bucket/key", as: stranger).text == "content")
    }

    @Test func `a bucket of one's own goes before another's of the same name`() async throws {
        let (bench, stranger) = try await bench()
        #expect(try await bench.call(.put, "/bucket", as: stranger).code == .bucketAlreadyExists)
        let grant = try #require(stranger.grant)
        try await bench.gateway.context.projects.project(for: grant).createBucket("bucket")
        #expect(try await bench.call(.put, "/bucket/key", body: "own", as: stranger).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", as: stranger).text == "own")
        #expect(try await bench.call(.get, "/bucket/key").text == "content")
        let document = policy("s3:GetObject", "bucket/*")
        #expect(try await bench.call(.put, "/bucket?policy", body: document, as: stranger).code == .invalidBucketState)
    }

    @Test func `the owner that a request expects must be the bucket's`() async throws {
        let (bench, _) = try await bench()
        let id = try #require(bench.main.account?.id)
        #expect(try await bench.call(.get, "/bucket/key", ["x-amz-expected-bucket-owner": id]).text == "content")
        let answer = try await bench.call(.get, "/bucket/key", ["x-amz-expected-bucket-owner": id + "0"])
        #expect(answer.code == .accessDenied)
    }

    @Test func `where lists are switched off everything is the bucket owner's`() async throws {
        let (bench, stranger) = try await bench()
        let controls = """
            <OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>
            """
        #expect(try await bench.call(.put, "/bucket?ownershipControls", body: controls).status == 200)
        #expect(try await bench.call(.put, "/bucket?policy", body: policy("*", "bucket/*")).status == 204)
        #expect(try await bench.call(.put, "/bucket/his", body: "his", as: stranger).status == 200)
        let id = try #require(bench.main.account?.id)
        #expect(try await bench.call(.get, "/bucket/his?acl", as: stranger).text.contains("<Owner><ID>\(id)</ID>"))
        let put = try await bench.call(.put, "/bucket/his", ["x-amz-acl": "private"], body: "x", as: stranger)
        #expect(put.code == .accessControlListNotSupported)
        #expect(try await bench.call(.put, "/bucket?acl", ["x-amz-acl": "private"]).code == .accessControlListNotSupported)
    }
}
