/// What happens to objects and can be asked to be told.
///
/// - Source: Amazon S3 user guide, "Event notification types and destinations".
package enum EventName: String, CaseIterable, Hashable, Sendable {
    case objectCreatedPut = "ObjectCreated:Put"
    case objectCreatedPost = "ObjectCreated:Post"
    case objectCreatedCopy = "ObjectCreated:Copy"
    case objectCreatedCompleteMultipartUpload = "ObjectCreated:CompleteMultipartUpload"
    case objectRemovedDelete = "ObjectRemoved:Delete"
    case objectRemovedDeleteMarkerCreated = "ObjectRemoved:DeleteMarkerCreated"
    case lifecycleExpirationDelete = "LifecycleExpiration:Delete"
    case lifecycleExpirationDeleteMarkerCreated = "LifecycleExpiration:DeleteMarkerCreated"
    case objectTaggingPut = "ObjectTagging:Put"
    case objectTaggingDelete = "ObjectTagging:Delete"
    case objectAclPut = "ObjectAcl:Put"
    case testEvent = "TestEvent"

    /// Whether a configuration that asks for `pattern` ("s3:ObjectCreated:*", "s3:ObjectCreated:Put") means this.
    package func matches(_ pattern: String) -> Bool {
        guard pattern.hasPrefix("s3:") else { return false }
        let wanted = pattern.dropFirst(3)
        if wanted.hasSuffix(":*") { return rawValue.hasPrefix(wanted.dropLast()) }
        return rawValue == wanted
    }

    /// Whether this is something a configuration may ask for.
    package static func isKnown(_ pattern: String) -> Bool {
        allCases.contains { $0 != .testEvent && $0.matches(pattern) }
    }
}
