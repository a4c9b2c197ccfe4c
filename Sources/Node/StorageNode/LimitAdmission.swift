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

    /// The admission of node `node` for limits of the satellites in `trust`.
    init(node: NodeID, trust: TrustList, serials: SerialNumberStore, settings: StorageNodeSettings, clock: WallClock) {
        rules = OrderLimitRules(
            nodeID: node,
            settings: OrderSettings(expirationGrace: settings.expirationGrace, creationGrace: settings.orderLimitGrace))
        self.trust = trust
        self.serials = serials
        self.clock = clock
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
        guard serials.use(satellite: limit.satelliteID, serial: limit.serialNumber, until: rules.serialDeadline(limit, at: now), now: now)
        else { throw RPCStatusError(.unauthenticated, "serial number is already used") }
    }
}
