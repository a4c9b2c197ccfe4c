import Foundation
import GatewayRecords
import S3Protocol
import StorageModel
import Uplink

/// The caller's own buckets, by name.
///
/// - Source: Amazon S3 API reference, "ListBuckets".
enum ListBuckets {
    static func run(_ call: S3Call) async throws -> S3Response {
        let query = call.request.query
        let prefix = query["prefix"] ?? ""
        let limit = try limit(query["max-buckets"])
        let after = try query["continuation-token"].map { try ContinuationToken.key(in: $0) } ?? ""
        var buckets: [Bucket] = []
        var isTruncated = false
        for try await bucket in call.project.buckets(after: after) where bucket.name.hasPrefix(prefix) {
            if let limit, buckets.count == limit {
                isTruncated = true
                break
            }
            buckets.append(bucket)
        }
        return .xml(
            XMLWriter.document("ListAllMyBucketsResult") { writer in
                writer.owner(call)
                writer.element("Buckets") { writer in
                    for bucket in buckets {
                        writer.element("Bucket") { writer in
                            writer.text("Name", bucket.name)
                            writer.text("CreationDate", S3Date.iso8601(bucket.createdAt.map(Timestamp.init(s3:)) ?? .init(microseconds: 0)))
                        }
                    }
                }
                if isTruncated, let last = buckets.last {
                    writer.text("ContinuationToken", ContinuationToken.text(after: last.name))
                }
                if !prefix.isEmpty { writer.text("Prefix", prefix) }
            })
    }

    /// What somebody sees who did not sign.
    static func nobodys() -> S3Response {
        .xml(XMLWriter.document("ListAllMyBucketsResult") { writer in writer.element("Buckets") { _ in } })
    }

    private static func limit(_ text: String?) throws(S3Error) -> Int? {
        guard let text else { return nil }
        let limit = try ListingParameters.count(text, name: "max-buckets")
        guard (1...10_000).contains(limit) else {
            throw S3Error(
                .invalidArgument, "max-buckets must be from 1 to 10000",
                details: [.init("ArgumentName", "max-buckets"), .init("ArgumentValue", text)])
        }
        return limit
    }
}
