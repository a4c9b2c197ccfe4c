/// Why an order cannot be kept.
package enum OrderStoreError: Error, Equatable, CustomStringConvertible {
    /// The limit or the order has more than 65535 bytes.
    case orderTooLong
    /// The disk threads are stopped.
    case closed

    package var description: String {
        switch self {
        case .orderTooLong: "order or limit is longer than an order file can hold"
        case .closed: "order store is closed"
        }
    }
}
