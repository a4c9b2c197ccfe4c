/// Consecutive shares of one piece, as many as the caller fetched.
package struct ErasureShare: Hashable, Sendable {
    /// The piece number, in `0..<totalShares`.
    package let number: Int
    /// A whole number of shares of `shareSize` bytes.
    package let bytes: [UInt8]

    /// Shares of the piece with that number; decoders check both against their scheme.
    package init(number: Int, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }
}
