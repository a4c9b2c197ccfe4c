package import StorageModel

/// How a segment is padded, cut into stripes and spread over pieces: pure arithmetic.
///
/// - Source: protocol document 1 §7.2–7.3.
package struct StripeLayout: Hashable, Sendable {
    /// How the data are spread.
    package let scheme: RedundancyScheme

    /// The largest segment that is laid out, in bytes: far above every real one, and far from overflow.
    package static let maximumSegmentSize: Int64 = 1 << 40

    /// The layout of a scheme.
    package init(scheme: RedundancyScheme) {
        self.scheme = scheme
    }

    /// A segment with its padding: zeros, then the padding's own length as four big-endian bytes, up to a whole stripe.
    package func pad(_ segment: [UInt8]) -> [UInt8] {
        let stripe = scheme.stripeSize
        let padding = 4 + (stripe - (segment.count + 4) % stripe) % stripe
        var padded = segment
        padded.reserveCapacity(segment.count + padding)
        padded.append(contentsOf: repeatElement(0, count: padding - 4))
        for shift in [24, 16, 8, 0] { padded.append(UInt8(truncatingIfNeeded: padding >> shift)) }
        return padded
    }

    /// The segment inside `padded`; nil when the padding is not one that `pad` makes.
    package func unpad(_ padded: [UInt8]) -> [UInt8]? {
        guard padded.count >= 4, padded.count % scheme.stripeSize == 0 else { return nil }
        let padding = padded.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard (4..<4 + scheme.stripeSize).contains(padding), padding <= padded.count,
            padded.suffix(padding).dropLast(4).allSatisfy({ $0 == 0 })
        else { return nil }
        return Array(padded.dropLast(padding))
    }

    /// Bytes of every piece of a segment, padding included: what an upload stores.
    ///
    /// - Parameter encryptedSize: in `0...maximumSegmentSize`.
    package func pieceSize(encryptedSize: Int64) -> Int64 {
        scheme.pieceSize(encryptedSize: encryptedSize)
    }

    /// Bytes of every piece that a download of the whole segment reads: stripes of padding alone are left out.
    ///
    /// - Parameter encryptedSize: in `0...maximumSegmentSize`.
    package func readableSize(encryptedSize: Int64) -> Int64 {
        precondition((0...Self.maximumSegmentSize).contains(encryptedSize), "a segment's size is checked before")
        return Self.quotientRoundedUp(encryptedSize, Int64(scheme.stripeSize)) * Int64(scheme.shareSize)
    }

    /// The bytes of every piece that hold a range of the plain segment; the same on all pieces.
    ///
    /// - Parameters:
    ///   - plain: not empty, within `0...maximumSegmentSize`.
    ///   - blockSize: bytes of an encrypted block.
    ///   - blockOverhead: bytes of it that are not plain, less than `blockSize`: 16 with a tag, 0 without encryption.
    package func pieceRange(plain: Range<Int64>, blockSize: Int64, blockOverhead: Int64 = 16) -> Range<Int64> {
        precondition(!plain.isEmpty && plain.lowerBound >= 0, "a range holds bytes of the segment")
        precondition(plain.upperBound <= Self.maximumSegmentSize, "a segment's size is checked before")
        precondition((1...1 << 31).contains(blockSize) && (0...16).contains(blockOverhead), "a block has at most a tag")
        precondition(blockOverhead < blockSize, "blocks hold plain bytes")
        let plainBlock = blockSize - blockOverhead
        let encryptedStart = plain.lowerBound / plainBlock * blockSize
        let encryptedEnd = Self.quotientRoundedUp(plain.upperBound, plainBlock) * blockSize
        let stripe = Int64(scheme.stripeSize)
        let share = Int64(scheme.shareSize)
        return encryptedStart / stripe * share..<Self.quotientRoundedUp(encryptedEnd, stripe) * share
    }

    private static func quotientRoundedUp(_ number: Int64, _ divisor: Int64) -> Int64 {
        number / divisor + (number % divisor == 0 ? 0 : 1)
    }
}
