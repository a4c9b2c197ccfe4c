import Orders
import StorageModel
import WireMessages

/// The orders one node hands in for one hour, summed as they come.
struct SettlementWindow: Sendable {
    /// Orders of one stream at most: more than a thousand a second for the hour; 16 bytes each are kept.
    static let maximumOrders = 4_000_000

    struct Charge: Hashable, Sendable {
        let metadata: OrderMetadata
        let action: PieceAction
    }

    struct Bytes: Sendable {
        var settled: Int64 = 0
        var dead: Int64 = 0
    }

    let node: NodeID
    /// Unix seconds; nil before the first order with a limit.
    private(set) var hour: Int64?
    /// Settled bytes a action; empty when no order was valid.
    private(set) var sums: [PieceAction: Int64] = [:]
    /// What customers are charged.
    private(set) var charges: [Charge: Bytes] = [:]
    private var serials: Set<SerialNumber> = []

    init(node: NodeID) { self.node = node }

    /// Whether the stream has more orders than is sensible.
    var isFull: Bool { serials.count >= Self.maximumOrders }

    /// Counts one order if it is valid; others are skipped.
    mutating func add(
        _ request: SettlementRequest, rules: SettlementRules, cipher: OrderMetadataCipher, at now: Timestamp
    ) {
        guard let limit = request.limit, let order = request.order, let creation = limit.orderCreation else { return }
        // The first message decides on the hour, even when its order does not count.
        let hour = self.hour ?? creation.startOfHour.seconds
        self.hour = hour
        guard creation.startOfHour.seconds == hour, !serials.contains(limit.serialNumber),
            rules.accepts(request, from: node, at: now)
        else { return }
        serials.insert(limit.serialNumber)
        sums[limit.action, default: 0] &+= order.amount
        guard limit.action == .put || limit.action == .get, let metadata = cipher.open(limit) else { return }
        let charge = Charge(metadata: metadata, action: limit.action)
        charges[charge, default: Bytes()].settled &+= order.amount
        charges[charge, default: Bytes()].dead &+= limit.limit - order.amount
    }
}
