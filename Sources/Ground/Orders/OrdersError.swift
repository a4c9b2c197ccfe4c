/// Why an order limit or a piece key cannot be made.
package enum OrdersError: Error, Equatable, CustomStringConvertible {
    /// A private key is 64 bytes, a seed and the public key that follows from it.
    case malformedPieceKey
    /// The encoded limit has this many bytes, more than a node keeps with its piece.
    case limitTooLong(Int)

    package var description: String {
        switch self {
        case .malformedPieceKey: "piece private key is not a seed with its public key"
        case .limitTooLong(let count): "order limit has \(count) bytes, the most is \(OrderSettings.maximumLimitBytes)"
        }
    }
}
