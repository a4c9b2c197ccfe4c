/// How far the orders for one piece run ahead of what has arrived.
///
/// A node is paid for what is ordered, whether it arrives or not, so credit starts small and grows with trust.
/// - Source: protocol document 3 §2.1.
struct OrderSchedule {
    /// The first step, bytes.
    static let firstStep: Int64 = 256 << 10
    /// The largest step, bytes: what is lost at most with a node that takes orders and sends nothing more.
    static let largestStep: Int64 = 1 << 20
    /// Steps are multiples of this, so that no message is cut short by an order.
    private static let grain: Int64 = 64 << 10

    /// Bytes of the piece wanted in all.
    let size: Int64
    /// Bytes ordered so far, cumulative.
    private(set) var ordered: Int64 = 0
    private var step = OrderSchedule.firstStep

    init(size: Int64) {
        self.size = size
    }

    /// The amount of the order to send now; nil when the last one is enough.
    ///
    /// - Parameter received: bytes that have arrived, in `0...size`.
    mutating func next(received: Int64) -> Int64? {
        guard ordered < size, ordered - received < step else { return nil }
        // A remainder too small for an order of its own goes with this one.
        ordered = size - ordered <= step + step / 4 ? size : ordered + step
        step = min(step / 2 * 3 / Self.grain * Self.grain, Self.largestStep)
        return ordered
    }
}
