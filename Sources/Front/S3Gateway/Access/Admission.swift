package import GatewayRecords

/// Why and how a caller is let in.
package struct Admission: Sendable {
    /// The bucket and whose it is.
    package let place: BucketPlace
    /// Whether the bucket is the caller's own: his own grant opens it. Otherwise the grant that its owner left opens it.
    package let isOwner: Bool
    /// Whether the caller may learn that an object is not there; who may not list is refused instead.
    package let mayLearnAbsence: Bool
    /// What the owner wrote about the bucket.
    package let properties: BucketProperties
}
