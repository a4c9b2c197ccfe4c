/// Where a segment stands in its stream: multipart part, then index inside the part.
package struct SegmentPosition: Hashable, Comparable, Sendable {
    /// 0 for ordinary uploads, the user's part number otherwise.
    package let part: Int32
    /// Starts at 0 in every part.
    package let index: Int32

    /// A position; both numbers are at least 0.
    package init?(part: Int32, index: Int32) {
        guard part >= 0, index >= 0 else { return nil }
        self.part = part
        self.index = index
    }

    /// The first position of an ordinary upload.
    package static let zero = SegmentPosition(encoded: 0)

    /// The position as one integer that sorts like the position: `part << 32 | index`.
    package var encoded: Int64 { Int64(part) << 32 | Int64(index) }

    /// The position behind `encoded`; only values made by `encoded` are given here.
    package init(encoded: Int64) {
        precondition(encoded >= 0 && encoded & 0x8000_0000 == 0, "an encoded position has two non-negative halves")
        part = Int32(truncatingIfNeeded: encoded >> 32)
        index = Int32(truncatingIfNeeded: encoded & 0x7fff_ffff)
    }

    package static func < (left: Self, right: Self) -> Bool { left.encoded < right.encoded }
}
