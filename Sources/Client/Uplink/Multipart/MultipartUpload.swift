/// A multipart upload that has begun: an object in the making, invisible to readers until it is committed.
public struct MultipartUpload: Hashable, Sendable, Codable {
    /// The bucket's name.
    public let bucket: String
    /// The whole key.
    public let key: String
    /// The upload's id, as other tools of the network write it.
    public let id: String

    /// An upload whose id was kept from before.
    public init(bucket: String, key: String, id: String) {
        self.bucket = bucket
        self.key = key
        self.id = id
    }

    /// An upload from a listing.
    public init(_ pending: PendingUpload) {
        self.init(bucket: pending.bucket, key: pending.key, id: pending.id)
    }
}
