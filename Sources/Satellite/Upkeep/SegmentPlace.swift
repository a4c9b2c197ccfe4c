package import StorageModel

/// Where a segment is found again.
package struct SegmentPlace: Hashable, Sendable {
    /// The stream it belongs to.
    package let stream: StreamID
    /// Where in the stream.
    package let position: SegmentPosition

    /// A place.
    package init(stream: StreamID, position: SegmentPosition) {
        self.stream = stream
        self.position = position
    }
}

extension SegmentPlace: CustomStringConvertible {
    /// `stream/part/index`, for logs.
    package var description: String { "\(stream)/\(position.part)/\(position.index)" }
}
