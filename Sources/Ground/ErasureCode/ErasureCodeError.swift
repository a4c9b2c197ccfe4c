/// Why shares could not be turned back into data.
package enum ErasureCodeError: Error, Hashable, Sendable {
    /// A piece number is outside the scheme or appears twice.
    case wrongPieceNumber
    /// Fewer shares than the scheme requires; or one more, and they contradict each other.
    case notEnoughShares
    /// The shares differ in length, or the length is not a whole number of shares.
    case wrongShareLength
    /// The shares contradict each other in more places than can be corrected.
    case tooManyErrors
}
