import Foundation
import Uplink

/// A bucket in a listing, as JSON.
struct BucketRow: Encodable, Equatable {
    let kind: String
    let bucket: String
    let createdAt: Date?

    init(_ bucket: Bucket) {
        kind = "bucket"
        self.bucket = bucket.name
        createdAt = bucket.createdAt
    }
}
