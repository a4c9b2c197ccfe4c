/// What a document of a bucket is about; a bucket has at most one of each.
package enum BucketDocumentKind: String, CaseIterable, Hashable, Sendable {
    case policy
    case publicAccessBlock
    case accessControl
    case ownershipControls
    case cors
    case lifecycle
    case website
    case notification
    case tagging
    case encryption
    case requestPayment
}
