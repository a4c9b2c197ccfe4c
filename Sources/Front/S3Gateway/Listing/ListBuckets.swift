import Foundation
import GatewayRecords
import S3Protocol
import StorageModel
import Uplink

/// The caller's own buckets, by name.
///
/// - Source: Amazon S3 API reference, "ListBuckets".
enum ListBuckets {
    private static func moment(_ bucket: Bucket) -> Timestamp {
        Timestamp(microseconds: Int64((bucket.createdAt ?? .distantPast).timeIntervalSince1970 * 1_000_000))
    }

    static func run(_ call: S3Call) async throws -> S3Response {
        guard let account = call.caller.account else { throw S3Error(.accessDenied) }
        var buckets: [Bucket] = []
        for try await bucket in call.project.buckets() { buckets.append(bucket) }
        return .xml(
            XMLWriter.document("ListAllMyBucketsResult") { writer in
                writer.element("Owner") { writer in
                    writer.text("ID", account.id)
                    writer.text("DisplayName", account.name)
                }
                writer.element("Buckets") { writer in
                    for bucket in buckets {
                        writer.element("Bucket") { writer in
                            writer.text("Name", bucket.name)
                            writer.text("CreationDate", S3Date.iso8601(moment(bucket)))
                        }
                    }
                }
            })
    }
}
