import HTTPTypes
import S3Protocol
import Testing
import XML

@Suite struct S3ErrorTests {
    @Test func `a refusal is worded as S3 words it`() throws {
        let error = S3Error(.noSuchBucket, details: [.init("BucketName", "a<b")])
        #expect(error.status == .notFound)
        let root = try XMLReader.read(error.xml(resource: "/a&b", requestID: "4442", hostID: "host"), named: "Error")
        #expect(root.children.map(\.name) == ["Code", "Message", "BucketName", "Resource", "RequestId", "HostId"])
        #expect(root.children.map(\.text) == ["NoSuchBucket", error.message, "a<b", "/a&b", "4442", "host"])
        #expect(try XMLReader.read(error.xml(resource: nil, requestID: "", hostID: "")).one("Resource") == nil)
    }

    @Test func `message and status of one's own come before the usual ones`() {
        let error = S3Error(.invalidRequest, "No", status: .conflict, headers: [.allow: "GET"])
        #expect(error.message == "No")
        #expect(error.status.code == 409)
        #expect(error.headers[.allow] == "GET")
        #expect("\(error)" == "InvalidRequest: No")
    }

    @Test func `every code has words, and a status that says that something failed`() {
        for code in S3ErrorCode.allCases {
            #expect(!code.message.isEmpty)
            #expect((300..<600).contains(code.status.code), "\(code)")
            #expect(code.rawValue.first?.isUppercase == true)
        }
    }

    @Test(arguments: [
        (S3ErrorCode.accessDenied, 403), (.signatureDoesNotMatch, 403), (.requestTimeTooSkewed, 403),
        (.invalidAccessKeyId, 403), (.noSuchKey, 404), (.noSuchUpload, 404), (.noSuchTagSet, 404),
        (.noSuchCORSConfiguration, 404), (.noSuchLifecycleConfiguration, 404), (.noSuchBucketPolicy, 404),
        (.objectLockConfigurationNotFoundError, 404), (.bucketNotEmpty, 409), (.bucketAlreadyExists, 409),
        (.invalidBucketState, 409), (.operationAborted, 409), (.preconditionFailed, 412), (.invalidRange, 416),
        (.missingContentLength, 411), (.notModified, 304), (.methodNotAllowed, 405), (.notImplemented, 501),
        (.slowDown, 503), (.internalError, 500), (.malformedXML, 400), (.badDigest, 400), (.incompleteBody, 400),
        (.entityTooLarge, 400), (.keyTooLongError, 400), (.invalidDigest, 400), (.xAmzContentSHA256Mismatch, 400),
        (.requestTimeout, 400), (.malformedPolicy, 400), (.invalidTag, 400), (.requestHeaderSectionTooLarge, 400),
    ])
    func `a code has the status that clients decide by`(code: S3ErrorCode, status: Int) {
        #expect(code.status.code == status)
    }
}
