import Foundation
import WireMessages

extension Project {
    /// Creates a bucket.
    ///
    /// - Parameters:
    ///   - objectLock: lets objects be locked, and keeps every version; cannot be undone.
    ///   - placement: the name of a placement rule, where a satellite offers any; empty for the project's.
    /// - Throws: `.bucketAlreadyExists`, `.bucketNameInvalid`, `.permissionDenied`, `.limitExceeded`.
    @discardableResult
    public func createBucket(
        _ name: String, objectLock: Bool = false, placement: String = ""
    ) async throws -> Bucket {
        let subject = CallSubject(.createBucket, bucket: name)
        var request = Metainfo_CreateBucketRequest()
        request.name = try Self.bucketName(name)
        request.objectLockEnabled = objectLock
        request.placement = Data(placement.utf8)
        let answer = try await metainfo.call(MetainfoMethods.createBucket, request, subject)
        return try Bucket(answer.hasBucket ? answer.bucket : nil, name: name, subject)
    }

    /// Creates a bucket unless it exists.
    ///
    /// - Throws: `.bucketNameInvalid`, `.permissionDenied`, `.limitExceeded`.
    @discardableResult
    public func ensureBucket(_ name: String) async throws -> Bucket {
        do {
            return try await createBucket(name)
        } catch let error as UplinkError where error.code == .bucketAlreadyExists {
            return try await bucket(name)
        }
    }

    /// Looks a bucket up.
    ///
    /// - Throws: `.bucketNotFound`, `.permissionDenied`.
    public func bucket(_ name: String) async throws -> Bucket {
        let subject = CallSubject(.getBucket, bucket: name)
        var request = Metainfo_GetBucketRequest()
        request.name = try Self.bucketName(name)
        let answer = try await metainfo.batched(request, subject)
        return try Bucket(answer.hasBucket ? answer.bucket : nil, name: name, subject)
    }

    /// Deletes a bucket.
    ///
    /// - Parameters:
    ///   - withObjects: also deletes everything in it, pending uploads included, in one call.
    ///   - bypassesGovernance: together with `withObjects`: also what retention in governance mode protects.
    /// - Returns: how many objects were deleted with it.
    /// - Throws: `.bucketNotFound`, `.bucketNotEmpty`, `.permissionDenied`, `.objectLocked`.
    @discardableResult
    public func deleteBucket(
        _ name: String, withObjects: Bool = false, bypassesGovernance: Bool = false
    ) async throws -> Int64 {
        var request = Metainfo_DeleteBucketRequest()
        request.name = try Self.bucketName(name)
        request.deleteAll = withObjects
        request.bypassGovernanceRetention = bypassesGovernance
        let subject = CallSubject(.deleteBucket, bucket: name)
        let answer = try await metainfo.call(MetainfoMethods.deleteBucket, request, subject)
        return max(0, answer.deletedObjectsCount)
    }

    /// All buckets that the grant may know of, by name.
    ///
    /// - Parameter name: starts after this name.
    public func buckets(after name: String = "") -> BucketListing {
        BucketListing(metainfo: metainfo, start: name)
    }

    /// The name of a bucket on the wire.
    ///
    /// - Throws: `.bucketNameInvalid` for none.
    static func bucketName(_ name: String) throws(UplinkError) -> Data {
        if name.isEmpty { throw UplinkError(.bucketNameInvalid, "the bucket's name is missing") }
        return Data(name.utf8)
    }
}

extension Bucket {
    /// What a satellite says of a bucket.
    ///
    /// - Throws: `.satelliteError` when it says nothing, or speaks of another one.
    init(_ message: Metainfo_Bucket?, name: String, _ subject: CallSubject) throws(UplinkError) {
        guard let message else { throw .badAnswer("it has no bucket", about: subject) }
        guard message.name == Data(name.utf8) else { throw .badAnswer("it is about another bucket", about: subject) }
        self.init(name: name, createdAt: try message.hasCreatedAt ? .wire(message.createdAt, subject) : nil)
    }
}
