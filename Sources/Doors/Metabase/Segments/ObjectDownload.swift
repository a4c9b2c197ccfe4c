package import StorageModel

/// The part of the plain stream a client wants.
package enum PlainRange: Hashable, Sendable {
    case whole
    /// From `start` up to `limit`; the limit may lie beyond the end.
    case startLimit(Int64, Int64)
    case start(Int64)
    /// The last bytes; more than there are means all.
    case suffix(Int64)
}

/// What a download starts with, read in one snapshot.
package struct ObjectDownload: Hashable, Sendable {
    package var object: Object
    /// The segments that overlap the range, ascending.
    package var page: SegmentPage
    /// The first of them with its content; nil when the page is empty.
    package var first: Segment?
    /// The range resolved against the object's size; nil for the whole object.
    package var range: Range<Int64>?
}

/// The nodes that hold an object.
package struct ObjectNodes: Hashable, Sendable {
    package var object: Object
    /// For every segment on nodes its pieces' nodes.
    package var remoteSegments: [[NodeID]]
    /// The bucket's placement.
    package var placement: Int32
}
