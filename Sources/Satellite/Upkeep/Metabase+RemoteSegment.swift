import Metabase

extension Metabase {
    /// A segment on nodes with its pieces; nil when it is gone, expired or kept by the satellite itself.
    func remoteSegment(at place: SegmentPlace) async throws -> (segment: Segment, remote: RemoteSegment)? {
        do {
            let segment = try await segment(of: place.stream, at: place.position)
            guard case .remote(let remote) = segment.content else { return nil }
            return (segment, remote)
        } catch MetabaseError.segmentNotFound {
            return nil
        }
    }
}
