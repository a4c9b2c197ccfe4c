internal import Encryption
internal import Foundation
internal import StorageModel
internal import WireMessages

/// Where one segment stands in an object.
struct SegmentPlace: Hashable, Sendable {
    /// Its name within the object.
    let position: SegmentPosition
    /// The plain bytes of the object that it holds.
    let range: Range<Int64>
}

/// Which segments hold the bytes that are wanted.
struct DownloadPlan: Sendable {
    /// The bytes of the object that will come.
    let range: Range<Int64>
    /// The segments that hold them, in order, without gaps.
    let places: [SegmentPlace]

    /// The bytes an option asks for, as far as an object has them.
    ///
    /// - Parameter size: bytes of the object.
    /// - Throws: ``UplinkError/Code/invalidArgument`` for negative numbers.
    static func range(_ range: DownloadRange, size: Int64) throws(UplinkError) -> Range<Int64> {
        switch range {
        case .all: return 0..<size
        case .from(let start):
            guard start >= 0 else { throw negative(start) }
            return min(start, size)..<size
        case .bytes(let bytes):
            guard bytes.lowerBound >= 0 else { throw negative(bytes.lowerBound) }
            return bytes.clamped(to: 0..<size)
        case .last(let count):
            guard count >= 0 else { throw negative(count) }
            return size - min(count, size)..<size
        }
    }

    private static func negative(_ number: Int64) -> UplinkError {
        UplinkError(.invalidArgument, "a range cannot begin at \(number)")
    }

    /// The segments of a range.
    ///
    /// - Parameters:
    ///   - segments: in any order, some perhaps twice.
    ///   - problem: makes the error of a list that makes no sense.
    /// - Throws: when bytes of the range are in no segment, or in two.
    init(
        range: Range<Int64>, segments: [SegmentPlace], problem: (String) -> UplinkError
    ) throws(UplinkError) {
        self.range = range
        var places: [SegmentPlace] = []
        let wanted = Set(segments).filter { $0.range.overlaps(range) }
        var end = range.lowerBound
        for place in wanted.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard places.isEmpty ? place.range.lowerBound <= end : place.range.lowerBound == end else {
                throw problem("segments overlap or the one at byte \(end) is missing")
            }
            places.append(place)
            end = place.range.upperBound
        }
        guard end >= range.upperBound else { throw problem("the segment at byte \(end) is missing") }
        self.places = places
    }
}

extension SegmentPlace {
    /// A place as satellites list it.
    ///
    /// - Throws: `UplinkError` for numbers that cannot be.
    init(
        _ position: Metainfo_SegmentPosition, offset: Int64, size: Int64, problem: (String) -> UplinkError
    ) throws(UplinkError) {
        let end = offset.addingReportingOverflow(size)
        guard let position = SegmentPosition(part: position.partNumber, index: position.index), offset >= 0,
            (0...StripeSizes.maximumPlainSize).contains(size), !end.overflow
        else { throw problem("a segment has an impossible place") }
        self.position = position
        range = offset..<end.partialValue
    }

    /// The bytes of the segment that a range of the object wants, counted from the segment's beginning.
    func part(of range: Range<Int64>) -> Range<Int64> {
        let part = range.clamped(to: self.range)
        return part.lowerBound - self.range.lowerBound..<part.upperBound - self.range.lowerBound
    }
}

/// Bounds on what satellites may say of a segment.
enum StripeSizes {
    /// Far above the 64 MiB of today's clients, and far from any overflow.
    static let maximumPlainSize: Int64 = 1 << 32
}
