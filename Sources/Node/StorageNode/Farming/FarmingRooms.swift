import Chores
import DRPC
import PieceStore
import StorageModel

/// What of a node has to do with money, put together.
struct FarmingRooms: Sendable {
    let farmer: Farmer
    let registrations: Registrations
    let claims: Claims

    /// Opens the farmer's side; nil for a node that is not paid.
    static func open(
        settings: StorageNodeSettings, parts: StorageNodeParts, trust: TrustList, store: PieceStore, exits: GracefulExits
    ) async throws -> FarmingRooms? {
        guard let farming = parts.farming else { return nil }
        let farmer = try await Farmer.open(
            .init(
                identity: parts.identity, farming: farming, settings: settings.farming, trust: trust,
                dialer: parts.dialer, clock: parts.clock, logger: parts.logger,
                leaving: { [exits] in Set(exits.states.filter(\.isBinding).compactMap { try? NodeID(text: $0.satellite) }) }))
        return FarmingRooms(
            farmer: farmer, registrations: Registrations(farmer), claims: Claims(farmer, random: parts.random))
    }

    /// Makes everything that answers known to a router.
    func register(in router: inout RPCRouter) {
        FarmerEndpoint(farmer, registrations: registrations).register(in: &router)
    }

    /// The recurring work.
    func makeChores(_ parts: StorageNodeParts) -> [Cycle] {
        [registrations.makeCycle(sleeper: parts.sleeper), claims.makeCycle(sleeper: parts.sleeper)]
    }
}
