import GatewayRecords
import S3Protocol

/// Says that a bucket is there and open to the caller.
///
/// - Source: Amazon S3 API reference, "HeadBucket".
enum HeadBucket {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await call.checkBucket()
        let location = try await call.gateway.doorkeeper.directory.owner(of: call.bucket)?.location ?? ""
        var response = S3Response()
        response.set("x-amz-bucket-region", location.isEmpty ? call.gateway.settings.region : location)
        return response
    }
}
