import Chores
import DRPC
import PieceStore
import StorageModel

/// What of a node has to do with money, put together.
struct FarmingRooms: Sendable {
    let farmer: Farmer
    let registrations: Registrations
    let claims: Claims
    let customers: Customers
    let keeper: AgreementKeeper
    private let agreements: AgreementEndpoint

    /// Opens the farmer's side; nil for a node that is not paid.
    static func open(
        settings: StorageNodeSettings, parts: StorageNodeParts, trust: TrustList, store: PieceStore,
        space: SpaceMeter, pool: BlockingPool, exits: GracefulExits
    ) async throws -> FarmingRooms? {
        guard let farming = parts.farming else { return nil }
        let farmer = try await Farmer.open(
            .init(
                identity: parts.identity, farming: farming, settings: settings.farming, trust: trust,
                dialer: parts.dialer, clock: parts.clock, logger: parts.logger,
                leaving: { [exits] in Set(exits.states.filter(\.isBinding).compactMap { try? NodeID(text: $0.satellite) }) }))
        let book = try await AgreementBook.open(farming.database)
        let customers = Customers.Parts(
            trust: trust, store: store, freeSpace: { space.freeSpace() }, backend: farming.backend, quotes: farming.quotes,
            binding: { try await farmer.binding() }, sheet: { farmer.sheet(at: $0) },
            taken: { _ = try await farmer.accept($0, channel: $1, payer: $2) }, pool: pool, clock: parts.clock,
            logger: parts.logger)
        return FarmingRooms(
            farmer: farmer, registrations: Registrations(farmer), claims: Claims(farmer, random: parts.random),
            customers: try await pool.run {
                try Customers(parts: customers, settings: settings.customers, folder: parts.folder + "/customers")
            },
            keeper: AgreementKeeper(farmer, book: book, store: store, sleeper: parts.sleeper),
            agreements: AgreementEndpoint(farmer, book: book, store: store))
    }

    /// Makes everything that answers known to a router.
    func register(in router: inout RPCRouter) {
        FarmerEndpoint(farmer, registrations: registrations).register(in: &router)
        CustomerEndpoint(customers).register(in: &router)
        agreements.register(in: &router)
    }

    /// The recurring work.
    func makeChores(_ parts: StorageNodeParts) -> [Cycle] {
        [registrations.makeCycle(sleeper: parts.sleeper), claims.makeCycle(sleeper: parts.sleeper), keeper.makeCycle()]
    }
}
