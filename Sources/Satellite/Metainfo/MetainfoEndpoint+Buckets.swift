import Accounts
import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Makes a bucket.
    func createBucket(
        _ request: Metainfo_CreateBucketRequest, _ caller: Caller
    ) async throws -> Metainfo_CreateBucketResponse {
        let name = Array(request.name)
        try caller.demand(.write, bucket: name)
        if request.objectLockEnabled { try caller.demand(.putBucketObjectLockConfiguration, bucket: name) }
        try caller.charge(.put)
        if let problem = BucketName.problem(of: name) { throw Refusal.invalid(problem) }
        let location = BucketLocation(project: caller.projectID, name: request.name.bucketName)
        let attribution = UserAgent.attribution(of: caller.userAgent) ?? []
        do {
            let bucket = try await metabase.createBucket(
                NewBucket(
                    location: location, isLockEnabled: request.objectLockEnabled, userAgent: attribution,
                    maximumBuckets: caller.lookup.limits.buckets))
            var response = Metainfo_CreateBucketResponse()
            response.bucket = message(of: bucket)
            return response
        } catch MetabaseError.bucketExists {
            // The first answer may have been lost: the attribution is made up for while the bucket is empty.
            if !attribution.isEmpty { try await metabase.setUserAgent(location, attribution) }
            throw Refusal.bucketExists
        }
    }

    /// Describes a bucket.
    func getBucket(_ request: Metainfo_GetBucketRequest, _ caller: Caller) async throws -> Metainfo_GetBucketResponse {
        var response = Metainfo_GetBucketResponse()
        response.bucket = message(of: try await readableBucket(request.name, caller))
        return response
    }

    /// A bucket the caller may read, whatever its name looks like.
    func readableBucket(_ name: Data, _ caller: Caller) async throws -> Bucket {
        try caller.demand(.read, bucket: Array(name))
        try caller.charge(.head)
        return try await metabase.bucket(BucketLocation(project: caller.projectID, name: name.bucketName))
    }

    /// Deletes a bucket, with its contents when asked to.
    func deleteBucket(
        _ request: Metainfo_DeleteBucketRequest, _ caller: Caller
    ) async throws -> Metainfo_DeleteBucketResponse {
        let name = Array(request.name)
        try caller.demand(.delete, bucket: name)
        if request.bypassGovernanceRetention { try caller.demand(.bypassGovernanceRetention, bucket: name) }
        try caller.charge(.delete)
        let location = try bucketLocation(request.name, caller)
        let mayKnow = caller.may(.read, bucket: name) || caller.may(.list, bucket: name)
        do {
            let deleted = try await metabase.deleteBucket(
                location, deletingContents: request.deleteAll,
                bypassingGovernance: request.bypassGovernanceRetention)
            var response = Metainfo_DeleteBucketResponse()
            response.deletedObjectsCount = Int64(deleted.deletedObjects)
            if mayKnow { response.bucket = message(of: deleted.bucket) }
            return response
        } catch is MetabaseError where !mayKnow {
            return Metainfo_DeleteBucketResponse()
        }
    }

    /// Lists the project's buckets the key may see.
    func listBuckets(
        _ request: Metainfo_ListBucketsRequest, _ caller: Caller
    ) async throws -> Metainfo_ListBucketsResponse {
        try caller.demand(.read)
        try caller.charge(.list)
        guard request.direction == .forward || request.direction == .after else {
            throw Refusal.invalid("unknown list direction")
        }
        let maximum = settings.bucketListLimit
        let limit = request.limit <= 0 ? maximum : min(Int(request.limit), maximum)
        let (buckets, hasMore) = try await visibleBuckets(
            from: request.cursor.bucketName, includingCursor: request.direction == .forward, limit: limit, caller)
        var response = Metainfo_ListBucketsResponse()
        response.more = hasMore
        response.items = buckets.map { bucket in
            var item = Metainfo_BucketListItem()
            item.name = Data(bucket.name.utf8)
            item.createdAt = Wire_Timestamp(bucket.createdAt)
            item.userAgent = Data(bucket.userAgent)
            return item
        }
        return response
    }

    /// A page of the buckets the key's caveats name; hidden ones do not count.
    private func visibleBuckets(
        from cursor: String, includingCursor: Bool, limit: Int, _ caller: Caller
    ) async throws -> (buckets: [Bucket], hasMore: Bool) {
        guard let allowed = caller.key.allowedBuckets else {
            return try await metabase.listBuckets(
                project: caller.projectID, from: cursor, includingCursor: includingCursor, limit: limit)
        }
        var (visible, cursor, includingCursor): ([Bucket], String, Bool) = ([], cursor, includingCursor)
        while true {
            let page = try await metabase.listBuckets(
                project: caller.projectID, from: cursor, includingCursor: includingCursor,
                limit: settings.bucketListLimit)
            visible += page.buckets.filter { allowed.contains(Array($0.name.utf8)) }
            if visible.count > limit { return (Array(visible.prefix(limit)), true) }
            guard page.hasMore, let last = page.buckets.last else { return (visible, false) }
            (cursor, includingCursor) = (last.name, false)
        }
    }

    /// The wire form of a bucket.
    private func message(of bucket: Bucket) -> Metainfo_Bucket {
        var message = Metainfo_Bucket()
        message.name = Data(bucket.name.utf8)
        message.pathCipher = .aesGcm
        message.createdAt = Wire_Timestamp(bucket.createdAt)
        message.defaultSegmentSize = 64 << 20
        message.defaultRedundancyScheme = Metainfo_RedundancyScheme(settings.redundancy)
        var encryption = Metainfo_EncryptionParameters()
        encryption.cipherSuite = .aesGcm
        encryption.blockSize = Int64(settings.redundancy.stripeSize)
        message.defaultEncryptionParameters = encryption
        return message
    }
}
