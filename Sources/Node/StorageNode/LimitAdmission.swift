import Identity
import Orders
import StorageModel
import WireMessages

/// Decides whether an order limit lets a transfer begin, and uses it up.
///
/// - Source: protocol document 3 §1.7; the order of the checks is part of it.
struct LimitAdmission: Sendable {
    /// The rules that need no other room.
    private let rules: OrderLimitRules
    private let trust: TrustList
    private let serials: SerialNumberStore
    private let clock: WallClock
    /// Who pays for itself; nil when nobody may.
    private let customers: Customers?
    /// How old a limit may be, and how far in the future.
    private let creationGrace: Duration

    /// The admission of node `node` for limits of the satellites in `trust`.
    init(
        node: NodeID, trust: TrustList, serials: SerialNumberStore, settings: StorageNodeSettings, clock: WallClock,
        customers: Customers? = nil
    ) {
        rules = OrderLimitRules(
            nodeID: node,
            settings: OrderSettings(expirationGrace: settings.expirationGrace, creationGrace: settings.orderLimitGrace))
        self.trust = trust
        self.serials = serials
        self.clock = clock
        self.customers = customers
        creationGrace = settings.orderLimitGrace
    }

    /// Checks a limit and consumes its serial number.
    ///
    /// - Throws: `RPCStatusError` with the code of §1.5.
    func admit(_ limit: OrderLimit, for transfer: Transfer) async throws {
        let now = clock.now()
        try rules.check(limit, for: transfer, at: now)
        guard trust.isTrusted(limit.satelliteID) else {
            throw RPCStatusError(.permissionDenied, "untrusted satellite \(limit.satelliteID)")
        }
        let satellite: PeerIdentity
        do {
            satellite = try await trust.identity(of: limit.satelliteID)
        } catch {
            throw RPCStatusError(.unauthenticated, "the key of satellite \(limit.satelliteID) is not known")
        }
        try rules.checkSignature(limit, by: satellite)
        if trust.isCustomer(limit.satelliteID) { try await customers?.admit(limit, for: transfer) }
        let isFresh = serials.use(
            satellite: limit.satelliteID, serial: limit.serialNumber, until: refusedAfter(limit, at: now), now: now)
        guard isFresh else { throw RPCStatusError(.unauthenticated, "serial number is already used") }
    }

    /// From when on a limit is refused for its age, so that its serial number may be forgotten.
    ///
    /// The expiration is no bound, since limits are accepted for some time after it. A satellite's clock may be ahead of
    /// ours: then the limit is young for longer.
    private func refusedAfter(_ limit: OrderLimit, at now: Timestamp) -> Timestamp {
        max(limit.orderCreation ?? now, now).advanced(by: creationGrace)
    }
}
