package import Chores
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
    private let check: DiskCheck
    private let server: RPCServer
    let rooms: NodeRooms
    let contact: ContactService
    /// The recurring work.
    package let chores: [Cycle]
    /// When a satellite or client was last heard of.
    package let lastContact = LastContact()
    /// When it was started.
    package let startedAt: Timestamp
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
        startedAt = parts.clock.now()
        let pool = BlockingPool(threads: settings.diskThreads)
        check = DiskCheck(folder: parts.folder + "/pieces", node: parts.identity.id, pool: pool)
        try await check.prepare()
        let address = AnnouncedAddress()
        let freed = LateCall()
        let rooms = try await NodeRooms(
            settings: settings, parts: parts, pool: pool, check: check, spaceFreed: { freed.call() })
        self.rooms = rooms
        let contact = ContactService(
            satellites: rooms.trust.satellites,
            parts: .init(
                settings: settings, address: address, freeSpace: { try await rooms.announcedSpace(to: $0) },
                dialer: parts.dialer, clock: parts.clock, sleeper: parts.sleeper, logger: parts.logger,
                succeeded: checkedIn, isActive: { rooms.trust.isTrusted($0) }, farmer: rooms.farming?.farmer))
        self.contact = contact
        freed.set { [weak contact] in contact?.noticeChange() }
        rooms.farming?.farmer.whenPricesChange { [weak contact] in contact?.noticeChange() }
        server = try RPCServer(
            identity: parts.identity,
            router: rooms.router(settings, parts, lastContact) { contact.noticeSpace($0) },
            settings: settings.server, eventLoops: parts.eventLoops, logger: parts.logger)
        boundAddress = try await server.bind()
        address.value = settings.externalAddress.isEmpty ? boundAddress : settings.externalAddress
        chores =
            contact.cycles
            + (await rooms.makeChores(settings, parts) { contact.contacts.allSatisfy { $0.problem == nil } })
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
            ] + chores + [contact.later, server]
        do {
            try await ServiceGroup(services: services, logger: parts.logger).run()
        } catch {
            await rooms.close()
            throw error
        }
        await rooms.close()
    }

    /// The node is reached at another address from now on: satellites are told.
    ///
    /// - Parameter address: `host:port`.
    package func move(to address: String) {
        guard contact.move(to: address) else { return }
        parts.logger.notice("the node is reached at another address", metadata: ["address": "\(address)"])
    }

    /// Who the node is.
    package var id: NodeID { parts.identity.id }
    /// What the farmer chose.
    package var allocatedSpace: Int64 { settings.allocatedSpace }
    /// The version satellites are told.
    package var version: String { settings.version }
}
