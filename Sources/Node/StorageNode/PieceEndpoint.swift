package import DRPC
package import Identity
package import Logging
import Orders
package import PieceStore
package import StorageModel
import WireMessages

/// Takes pieces in and hands them out, for anyone who shows a limit signed by a trusted satellite.
///
/// - Source: protocol document 3 §1.
package final class PieceEndpoint: Sendable {
    /// What the endpoint works with.
    package struct Parts: Sendable {
        /// The node's identity, which signs what is stored.
        let identity: NodeIdentity
        /// The pieces.
        let store: PieceStore
        /// Who may send customers here.
        let trust: TrustList
        /// Orders that wait to be handed in.
        let orders: OrderStore
        /// Room for pieces.
        let space: SpaceMeter
        /// When somebody was last heard of.
        let lastContact: LastContact
        /// The node's settings.
        let settings: StorageNodeSettings
        /// The node's clock.
        let clock: WallClock
        /// The log.
        let logger: Logger
        /// Told the free space after each upload.
        let spaceChanged: @Sendable (Int64) -> Void
        /// Whom bad pieces are told to; nil tells nobody.
        package var reporter: AmnestyReporter?
        /// Whether new pieces are taken; nil takes them.
        package var drain: DrainSwitch?
        /// Customers without a satellite; nil takes none.
        package var customers: Customers?
        /// Who says whether satellites pay; nil asks nobody.
        package var farmer: Farmer?
        /// Where transfers are counted; nil counts nothing.
        package var history: NodeHistory?

        /// All parts that an endpoint cannot do without.
        package init(
            identity: NodeIdentity, store: PieceStore, trust: TrustList, orders: OrderStore, space: SpaceMeter,
            lastContact: LastContact, settings: StorageNodeSettings, clock: WallClock, logger: Logger,
            spaceChanged: @escaping @Sendable (Int64) -> Void
        ) {
            self.identity = identity
            self.store = store
            self.trust = trust
            self.orders = orders
            self.space = space
            self.lastContact = lastContact
            self.settings = settings
            self.clock = clock
            self.logger = logger
            self.spaceChanged = spaceChanged
        }
    }

    let parts: Parts
    let admission: LimitAdmission
    let uploads: UploadSlots

    /// An endpoint over its parts.
    package init(parts: Parts, serials: SerialNumberStore) {
        self.parts = parts
        admission = LimitAdmission(
            node: parts.identity.id, trust: parts.trust, serials: serials, settings: parts.settings,
            clock: parts.clock, customers: parts.customers)
        uploads = UploadSlots(maximum: parts.settings.maximumUploads)
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.stream(PiecestoreMethods.upload) { stream, _ in try await self.upload(stream) }
        router.stream(PiecestoreMethods.download) { stream, _ in try await self.download(stream) }
        for method in [PiecestoreMethods.delete.path, PiecestoreMethods.deletePieces.path, PiecestoreMethods.exists.path] {
            router.unimplemented(path: method)
        }
    }

    /// Keeps the largest order of a transfer for settlement, however the transfer ended.
    func keep(_ largest: Order?, of limit: OrderLimit) async {
        guard let order = largest else { return }
        parts.history?.count(satellite: limit.satelliteID, action: limit.action.rawValue, bytes: order.amount)
        do {
            if parts.trust.isCustomer(limit.satelliteID) {
                // Nobody settles these orders but the customer itself, by vouchers.
                if Transfer.download.actions.contains(limit.action) {
                    try await parts.customers?.served(limit.satelliteID, bytes: order.amount)
                }
                return
            }
            try await parts.orders.add(limit: limit, order: order)
        } catch {
            parts.logger.error(
                "order could not be kept, it will not be paid",
                metadata: ["satellite": "\(limit.satelliteID)", "error": "\(error)"])
        }
    }
}
