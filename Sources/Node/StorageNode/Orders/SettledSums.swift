import Contracts
import WireMessages

/// What the orders of a window sum up to, by action.
struct SettledSums {
    private let hour: UInt64
    private var bytes: [UInt32: UInt64] = [:]

    /// The sums of a window of which nothing was read.
    init(_ window: OrderWindow) { hour = UInt64(clamping: window.hour) }

    /// Adds an order.
    mutating func add(_ request: SettlementRequest) {
        guard let limit = request.limit, let order = request.order, order.amount > 0,
            let action = UInt32(exactly: limit.action.rawValue)
        else { return }
        let (sum, overflow) = (bytes[action] ?? 0).addingReportingOverflow(UInt64(order.amount))
        bytes[action] = overflow ? .max : sum
    }

    /// The sums.
    var orders: [SettledOrders] { bytes.map { SettledOrders(hour: hour, action: $0.key, bytes: $0.value) } }
}
