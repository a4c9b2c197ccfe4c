import GatewayRecords
import HTTPTypes
import S3Protocol
import Uplink

/// Deletes an empty bucket and forgets all that was written about it.
///
/// - Source: Amazon S3 API reference, "DeleteBucket".
enum DeleteBucket {
    static func run(_ call: S3Call) async throws -> S3Response {
        let bucket = try call.bucket
        do {
            try await call.project.deleteBucket(bucket)
        } catch let error as UplinkError where error.code == .bucketNotEmpty {
            guard try await abortUploads(bucket, in: call.project) else { throw error }
            try await call.project.deleteBucket(bucket)
        }
        try await call.gateway.doorkeeper.directory.forget(call.place)
        try await call.gateway.records.delegations.drop(call.place)
        return S3Response(status: .noContent)
    }

    /// Unfinished uploads do not keep a bucket alive: whoever may delete it may abort them.
    ///
    /// - Returns: false when there is something else in the bucket.
    private static func abortUploads(_ bucket: String, in project: Project) async throws -> Bool {
        var options = ListOptions()
        options.isRecursive = true
        options.allVersions = true
        options.pageSize = 1
        for try await _ in project.objects(bucket: bucket, options: options) { return false }
        for try await upload in project.pendingUploads(bucket: bucket) {
            try await project.abortUpload(MultipartUpload(upload))
        }
        return true
    }
}
