import GatewayRecords
import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// Makes a bucket: claims its name among all customers of this gateway, then makes it at the satellite.
///
/// - Source: Amazon S3 API reference, "CreateBucket".
enum CreateBucket {
    static func run(_ call: S3Call) async throws -> S3Response {
        let bucket = try call.bucket
        try BucketName.validate(bucket)
        let wishes = try await BucketWishes(call)
        let directory = call.gateway.doorkeeper.directory
        let claim = BucketOwner(
            bucket: bucket, owner: call.owner.id, location: wishes.location, createdAt: call.gateway.clock.now())
        let known = try await directory.owner(of: bucket)
        guard try await directory.claim(claim).owner == call.owner.id else { throw S3Error(.bucketAlreadyExists) }
        do {
            try await call.project.createBucket(bucket, objectLock: wishes.hasObjectLock)
        } catch let error as UplinkError where error.code == .bucketAlreadyExists {
            try await checkRepetition(wishes, call)
            return answer(bucket)
        } catch {
            if known == nil { try await directory.forget(call.place) }
            throw error
        }
        // What was written about an earlier bucket of this name, deleted with another tool, is not about this one.
        try await directory.forget(call.place)
        _ = try await directory.claim(claim)
        try await wishes.write(call)
        return answer(bucket)
    }

    /// Making one's own bucket again changes nothing and succeeds, unless other rights to it are asked for.
    private static func checkRepetition(_ wishes: BucketWishes, _ call: S3Call) async throws {
        let list = try await call.properties().accessControl ?? .owned(by: AccessOwner(call.owner))
        guard list.grants == wishes.list.grants else { throw S3Error(.bucketAlreadyExists) }
    }

    private static func answer(_ bucket: String) -> S3Response {
        S3Response(status: .ok, headers: [.location: "/\(bucket)"])
    }
}
