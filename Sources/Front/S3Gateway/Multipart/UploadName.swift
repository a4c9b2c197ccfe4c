/// An upload among those of all customers.
package struct UploadName: Hashable, Sendable {
    /// The account the bucket belongs to.
    package let owner: String
    package let bucket: String
    package let key: String
    /// As clients know it.
    package let id: String

    package init(owner: String, bucket: String, key: String, id: String) {
        self.owner = owner
        self.bucket = bucket
        self.key = key
        self.id = id
    }
}
