import GatewayRecords
import S3Protocol

/// Where a bucket was asked to be made.
///
/// - Source: Amazon S3 API reference, "GetBucketLocation": empty for the first region.
enum GetBucketLocation {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await call.checkBucket()
        let location = try await call.gateway.doorkeeper.directory.owner(of: call.bucket)?.location ?? ""
        return .xml(CreateBucketConfiguration.answer(location))
    }
}
