package import GatewayRecords
import S3Protocol
import StorageModel
import Uplink

extension S3Call {
    /// The bucket and whose it is.
    package var place: BucketPlace {
        get throws(S3Error) { BucketPlace(owner: owner.id, bucket: try bucket) }
    }

    /// What its owner wrote about the bucket.
    package func properties() async throws -> BucketProperties {
        try await gateway.doorkeeper.directory.properties(of: place)
    }

    /// Writes a document about the bucket, or removes it.
    func set(_ document: [UInt8]?, _ kind: BucketDocumentKind) async throws {
        // Browsers' questions and strangers find a bucket by its name alone. Where another account has the name, what
        // is written here counts for its owner's own requests.
        _ = try await gateway.doorkeeper.directory.claim(place, at: gateway.clock.now())
        try await gateway.doorkeeper.directory.set(document, kind, of: place)
    }

    /// Makes sure that the bucket is there.
    ///
    /// - Throws: `UplinkError` when it is not.
    func checkBucket() async throws { _ = try await project.bucket(bucket) }

    /// The body of a request that must carry a document.
    ///
    /// - Throws: `MissingRequestBodyError`; what `document()` throws.
    func requiredDocument() async throws -> [UInt8] {
        let document = try await document()
        guard !document.isEmpty else { throw S3Error(.missingRequestBodyError) }
        return document
    }
}
