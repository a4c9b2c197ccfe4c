package import StorageModel

/// Whose a bucket is.
package struct BucketOwner: Hashable, Sendable {
    /// The bucket's name, unique among all customers of this gateway.
    package let bucket: String
    /// The account it belongs to: lower-case hexadecimal digits of its project's public id.
    package let owner: String
    /// The region it was asked to be made in; empty when none was named.
    package let location: String
    package let createdAt: Timestamp

    package init(bucket: String, owner: String, location: String, createdAt: Timestamp) {
        self.bucket = bucket
        self.owner = owner
        self.location = location
        self.createdAt = createdAt
    }
}
