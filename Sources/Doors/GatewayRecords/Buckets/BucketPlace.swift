/// One bucket of one account.
package struct BucketPlace: Hashable, Sendable {
    package let owner: String
    package let bucket: String

    package init(owner: String, bucket: String) {
        self.owner = owner
        self.bucket = bucket
    }
}
