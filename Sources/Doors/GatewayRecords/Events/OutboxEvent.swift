package import StorageModel

/// Something that happened in a bucket, to be told to somebody until he takes it.
package struct OutboxEvent: Hashable, Sendable {
    /// Grows with time: the order in which things happened.
    package let id: Int64
    package let place: BucketPlace
    /// The configured receiver's id; which URL it stands for is looked up when it is sent.
    package let target: String
    /// The message, as it is sent.
    package let payload: [UInt8]
    /// How often it was sent in vain.
    package let attempts: Int
    package let createdAt: Timestamp
}
