import HTTPTypes
import S3Protocol
import Testing

@Suite struct S3OperationTests {
    private func named(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:]
    ) throws(S3Error) -> S3Operation {
        let halves = path.split(separator: "?", maxSplits: 1)
        let target = try S3Target.parse(rawPath: String(halves[0]), host: "h", domains: [])
        return try S3Operation.named(
            method, target, QueryItems(rawQuery: halves.count > 1 ? String(halves[1]) : ""), headers)
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/", S3Operation.listBuckets), (.put, "/b", .createBucket), (.head, "/b", .headBucket),
        (.delete, "/b", .deleteBucket), (.get, "/b", .listObjects), (.get, "/b?list-type=2", .listObjectsV2),
        (.get, "/b?versions", .listObjectVersions), (.get, "/b?uploads", .listMultipartUploads),
        (.post, "/b?delete", .deleteObjects),
        (.get, "/b?policy", .getBucketPolicy), (.put, "/b?policy=", .putBucketPolicy),
        (.delete, "/b?policy", .deleteBucketPolicy),
        (.get, "/b?policyStatus", .getBucketPolicyStatus), (.put, "/b?lifecycle", .putBucketLifecycle),
        (.put, "/b?cors", .putBucketCors),
        (.put, "/b?acl", .putBucketAcl), (.put, "/b/k?acl", .putObjectAcl), (.get, "/b/k?tagging", .getObjectTagging),
        (.get, "/b?location", .getBucketLocation), (.get, "/b/k", .getObject), (.head, "/b/k?versionId=1", .headObject),
        (.put, "/b/k", .putObject), (.delete, "/b/k", .deleteObject), (.post, "/b/k?uploads", .createMultipartUpload),
        (.put, "/b/k?partNumber=1&uploadId=u", .uploadPart), (.get, "/b/k?uploadId=u", .listParts),
        (.get, "/b/k?partNumber=1", .getObject), (.post, "/b/k?uploadId=u", .completeMultipartUpload),
        (.delete, "/b/k?uploadId=u", .abortMultipartUpload), (.get, "/b/k?attributes", .getObjectAttributes),
        (.put, "/b/k?retention", .putObjectRetention), (.put, "/b/k?legal-hold", .putObjectLegalHold),
        (.options, "/b/k", .preflight),
    ])
    func `a request asks for one operation`(method: HTTPRequest.Method, path: String, operation: S3Operation) throws {
        #expect(try named(method, path) == operation)
    }

    @Test func `a source makes a put a copy, and a form makes a post one of an object`() throws {
        let source: HTTPFields = [try #require(HTTPField.Name("x-amz-copy-source")): "/b/k"]
        #expect(try named(.put, "/b/k", source) == .copyObject)
        #expect(try named(.put, "/b/k?partNumber=1&uploadId=u", source) == .uploadPartCopy)
        #expect(try named(.post, "/b", [.contentType: "multipart/form-data; boundary=x"]) == .postObject)
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/b?logging"), (.put, "/b?replication"), (.get, "/b?inventory"),
        (.put, "/b?accelerate"),
        (.post, "/b/k?select&select-type=2"), (.post, "/b/k?restore"), (.put, "/b/k?torrent"), (.get, "/b?analytics"),
        (.put, "/b?intelligent-tiering"), (.get, "/b?metrics"),
    ])
    func `what S3 has and this gateway has not is refused by name, never silently done`(
        method: HTTPRequest.Method, path: String
    ) {
        #expect {
            try named(method, path)
        } throws: { error in
            (error as? S3Error)?.code == .notImplemented
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.put, "/"), (.delete, "/"), (.post, "/b"), (.post, "/b/k"), (.patch, "/b/k"), (.trace, "/b"),
        (.put, "/b?location"), (.delete, "/b?versions"), (.delete, "/b/k?acl"), (.post, "/b?policy"),
    ])
    func `what S3 does not have is no operation`(method: HTTPRequest.Method, path: String) {
        #expect {
            try named(method, path)
        } throws: { error in
            (error as? S3Error)?.code == .methodNotAllowed
        }
    }
}
