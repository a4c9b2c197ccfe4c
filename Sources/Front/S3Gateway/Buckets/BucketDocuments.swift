import GatewayRecords
import HTTPTypes
import S3Protocol

/// What all documents about buckets have in common.
enum BucketDocuments {
    /// Answers a document as it was kept.
    ///
    /// - Throws: `missing` when there is none; `UplinkError` when there is no bucket.
    static func get(_ kind: BucketDocumentKind, _ call: S3Call, missing: S3ErrorCode) async throws -> S3Response {
        guard let document = try await call.properties().documents[kind] else {
            try await call.checkBucket()
            throw S3Error(missing)
        }
        return .xml(document)
    }

    /// Keeps a document; nil removes it.
    static func put(_ document: [UInt8]?, _ kind: BucketDocumentKind, _ call: S3Call) async throws -> S3Response {
        try await call.checkBucket()
        try await call.set(document, kind)
        return S3Response()
    }

    /// Removes a document; removing none is no error.
    static func delete(_ kind: BucketDocumentKind, _ call: S3Call) async throws -> S3Response {
        try await call.checkBucket()
        try await call.set(nil, kind)
        return S3Response(status: .noContent)
    }
}
