import Orders
import StorageModel
import Synchronization
import WireMessages

/// Signs the orders of one segment, each amount once.
///
/// All pieces of a segment share serial number and key, so orders of equal amounts are equal to the byte: a segment of
/// 29 pieces costs one signature where it would cost 29.
final class OrderCache: Sendable {
    private let key: PieceKey
    let serialNumber: SerialNumber
    private let orders = Mutex<[Int64: Order]>([:])

    init(key: PieceKey, serialNumber: SerialNumber) {
        self.key = key
        self.serialNumber = serialNumber
    }

    /// The signed order over `amount` bytes in all; some 20 µs the first time.
    func order(amount: Int64) -> Order {
        orders.withLock { orders in
            if let order = orders[amount] { return order }
            let order = key.sign(Order(serialNumber: serialNumber, amount: amount))
            orders[amount] = order
            return order
        }
    }
}
