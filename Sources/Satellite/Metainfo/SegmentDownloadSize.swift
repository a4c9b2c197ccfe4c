import Metabase
import StorageModel

/// How much of each piece a download of part of a segment needs.
///
/// A tight limit only makes the books more exact: nodes refuse what goes beyond it, so it is never too small.
/// - Source: protocol document 2 §3.7.
enum SegmentDownloadSize: Hashable, Sendable {
    /// Every byte of the pieces, the erasure code's padding included.
    case whole
    /// Encrypted bytes inside the segment.
    case part(Range<Int64>)

    /// The part of a segment a plain range of the object needs.
    ///
    /// - Parameter range: of the object; nil for all of it.
    init(_ segment: SegmentSummary, _ encryption: ObjectEncryption, range: Range<Int64>?) {
        // Authenticated ciphers add 16 bytes to each block; the null cipher adds none.
        let plainBlock = encryption.blockSize - (encryption.cipherSuite == 1 ? 0 : 16)
        guard let range, plainBlock > 0, segment.plainSize > 0 else {
            self = .part(0..<segment.encryptedSize)
            return
        }
        let lower = min(max(0, range.lowerBound - segment.plainOffset), segment.plainSize)
        let upper = min(max(lower, range.upperBound - segment.plainOffset), segment.plainSize)
        guard lower > 0 || upper < segment.plainSize else {
            self = .part(0..<segment.encryptedSize)
            return
        }
        let firstBlock = lower / plainBlock
        let blockLimit = max(firstBlock + 1, (upper + plainBlock - 1) / plainBlock)
        self = .part(firstBlock * encryption.blockSize..<blockLimit * encryption.blockSize)
    }

    /// Bytes of each piece, whole stripes.
    func pieceSize(_ scheme: RedundancyScheme, encryptedSize: Int64) -> Int64 {
        let whole = scheme.pieceSize(encryptedSize: encryptedSize)
        guard case .part(let range) = self else { return whole }
        let stripe = Int64(scheme.stripeSize)
        let first = range.lowerBound / stripe
        let limit = (range.upperBound + stripe - 1) / stripe
        return min(whole, (limit - first) * Int64(scheme.shareSize))
    }
}
