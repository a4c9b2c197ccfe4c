import Chores
import DRPC
import Identity
import Logging
import PieceStore
import ServiceLifecycle
package import StorageModel

/// A storage node: keeps pieces for the customers of the satellites it trusts.
///
/// Composition only: the rules are in the endpoints, the store and the chores.
package final class StorageNode: Service, Sendable {
    private let settings: StorageNodeSettings
    private let parts: StorageNodeParts
    private let pool: BlockingPool
    private let store: PieceStore
    private let space: SpaceMeter
    private let check: DiskCheck
    private let server: RPCServer
    private let chores: [Cycle]
    /// When a satellite or client was last heard of.
    package let lastContact = LastContact()
    /// The address the node listens on, `host:port`.
    package let boundAddress: String

    /// Opens the folder, recovers what a crash left, and listens.
    ///
    /// - Parameter checkedIn: called after each successful check-in with the satellite's id.
    /// - Throws: `StorageNodeError` for unusable settings, `PieceStoreError`, or an error of the disk or the network.
    package init(
        settings: StorageNodeSettings, parts: StorageNodeParts,
        checkedIn: @escaping @Sendable (NodeID) -> Void = { _ in }
    ) async throws {
        guard settings.allocatedSpace >= settings.minimumAllocatedSpace else {
            throw StorageNodeError.tooLittleSpace(
                allocated: settings.allocatedSpace, minimum: settings.minimumAllocatedSpace)
        }
        self.settings = settings
        self.parts = parts
        pool = BlockingPool(threads: settings.diskThreads)
        let pieces = parts.folder + "/pieces"
        check = DiskCheck(folder: pieces, node: parts.identity.id, pool: pool)
        try await check.prepare()
        store = try await PieceStore.open(
            folder: pieces, pool: pool, settings: PieceStoreSettings(), clock: parts.clock, random: parts.random,
            logger: parts.logger)
        space = SpaceMeter(store: store, allocated: settings.allocatedSpace)
        try await space.refresh()
        let trust = TrustList(satellites: settings.satellites, dialer: parts.dialer, logger: parts.logger)
        let orders = try OrderStore(
            folder: parts.folder + "/orders", pool: pool, clock: parts.clock, logger: parts.logger)
        let address = AnnouncedAddress()
        let contact = ContactService(
            satellites: trust.satellites,
            parts: .init(
                settings: settings, address: address, freeSpace: { [space] in
                    try await space.refresh()
                    return space.freeSpace()
                }, dialer: parts.dialer, clock: parts.clock, sleeper: parts.sleeper, logger: parts.logger,
                succeeded: checkedIn))
        var router = RPCRouter()
        PieceEndpoint(
            parts: .init(
                identity: parts.identity, store: store, trust: trust, orders: orders, space: space,
                lastContact: lastContact, settings: settings, clock: parts.clock, logger: parts.logger,
                spaceChanged: { contact.noticeSpace($0) }),
            serials: SerialNumberStore()
        ).register(in: &router)
        ContactEndpoint(trust: trust, lastContact: lastContact, clock: parts.clock).register(in: &router)
        let queue = try RetainQueue(
            folder: parts.folder + "/retain", pool: pool, store: store, logger: parts.logger)
        let retain = RetainEndpoint(trust: trust, store: store, queue: queue, parts: parts)
        retain.register(in: &router)
        server = try RPCServer(
            identity: parts.identity, router: router, settings: settings.server, eventLoops: parts.eventLoops,
            logger: parts.logger)
        boundAddress = try await server.bind()
        address.value = settings.externalAddress.isEmpty ? boundAddress : settings.externalAddress
        chores =
            contact.cycles + [
                SettlementSender(trust: trust, orders: orders, parts: parts, settings: settings).cycle,
                retain.cycle,
                Self.upkeep(store, settings, parts),
            ]
    }

    /// Runs until graceful shutdown, cancellation, or a disk that is not there any more.
    package func run() async throws {
        let services: [any Service] =
            [
                RepeatedCheck(interval: settings.readCheckInterval, sleeper: parts.sleeper) { [check] in
                    try await check.checkReadable()
                },
                RepeatedCheck(interval: settings.writeCheckInterval, sleeper: parts.sleeper) { [check] in
                    try await check.checkWritable()
                },
            ] + chores + [server]
        do {
            try await ServiceGroup(services: services, logger: parts.logger).run()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        await store.close()
        pool.shutDown()
    }

    private static func upkeep(_ store: PieceStore, _ settings: StorageNodeSettings, _ parts: StorageNodeParts) -> Cycle {
        Cycle(
            name: "piece upkeep", interval: settings.upkeepInterval, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger
        ) {
            let report = try await store.maintain()
            parts.logger.debug("piece upkeep done", metadata: ["report": "\(report)"])
        }
    }
}
