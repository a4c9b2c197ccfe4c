/// How a segment is spread: any `requiredShares` of `totalShares` pieces restore it.
///
/// - Source: protocol document 1 §7.2 and 2 §1.4.
package struct RedundancyScheme: Hashable, Sendable {
    /// k: pieces needed to restore, in `1...totalShares`.
    package let requiredShares: Int
    /// m: the segment is repaired when healthy pieces fall to this number.
    package let repairShares: Int
    /// o: an upload is a success once this many pieces are stored.
    package let optimalShares: Int
    /// n: pieces offered, at most 256.
    package let totalShares: Int
    /// Bytes of one erasure share, at least 1.
    package let shareSize: Int

    /// The development default of the field, 4/6/8/10 with shares of 256 bytes.
    package static let development = RedundancyScheme(valid: (4, 6, 8, 10), shareSize: 256)
    /// The production default of the field, 29/35/80/110 with shares of 256 bytes.
    package static let release = RedundancyScheme(valid: (29, 35, 80, 110), shareSize: 256)

    /// Makes a scheme; nil unless `1 ≤ k ≤ m ≤ o ≤ n ≤ 256` and `1 ≤ shareSize ≤ 1 MiB`.
    package init?(required: Int, repair: Int, optimal: Int, total: Int, shareSize: Int = 256) {
        guard 1 <= required, required <= repair, repair <= optimal, optimal <= total, total <= 256,
            (1...1 << 20).contains(shareSize)
        else { return nil }
        self.init(valid: (required, repair, optimal, total), shareSize: shareSize)
    }

    private init(valid: (Int, Int, Int, Int), shareSize: Int) {
        requiredShares = valid.0
        repairShares = valid.1
        optimalShares = valid.2
        totalShares = valid.3
        self.shareSize = shareSize
    }

    /// Parses `k/m/o/n`, for instance `4/6/8/10`; nil when it is not four numbers in order.
    package init?(text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 4, let k = numbers[0], let m = numbers[1], let o = numbers[2], let n = numbers[3]
        else { return nil }
        self.init(required: k, repair: m, optimal: o, total: n)
    }

    /// Bytes of one stripe, `requiredShares × shareSize`.
    package var stripeSize: Int { requiredShares * shareSize }

    /// Bytes of every piece of a segment of `encryptedSize` bytes (4 bytes of padding length included).
    ///
    /// - Parameter encryptedSize: in `0...2^40`.
    /// - Source: protocol document 1 §7.2.
    package func pieceSize(encryptedSize: Int64) -> Int64 {
        precondition((0...1 << 40).contains(encryptedSize), "a segment's size is checked before its pieces")
        let stripe = Int64(stripeSize)
        return (encryptedSize + 4 + stripe - 1) / stripe * Int64(shareSize)
    }

    /// How many pieces a download is offered: k plus a margin against slow nodes, at most n.
    ///
    /// - Source: protocol document 2 §6.3.
    package var downloadShares: Int {
        let margin = max(1, (totalShares - optimalShares) * requiredShares / optimalShares)
        return min(totalShares, requiredShares + margin)
    }
}

extension RedundancyScheme: CustomStringConvertible {
    /// `k/m/o/n`.
    package var description: String { "\(requiredShares)/\(repairShares)/\(optimalShares)/\(totalShares)" }
}
