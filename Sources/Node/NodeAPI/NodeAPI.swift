import Contracts
import Hummingbird
package import Logging
package import OperatorDoor
import ServiceLifecycle
import StorageModel
package import StorageNode

/// The farmer's door to a node: how it is, and what it is told to do, as JSON over HTTP.
///
/// | Request | Answer |
/// |---|---|
/// | `GET /health` | that the node runs; needs no token |
/// | `GET /status` | everything at a glance |
/// | `POST /drain`, `POST /undrain` | no new pieces, or new pieces again; the status |
/// | `GET /scrub`, `POST /scrub/start`, `POST /scrub/pause` | the reading of all that is stored; `{rate}` in bytes a second |
/// | `GET /exits`, `POST /exits` | satellites that are being left; a new one `{satellite}` |
/// | `GET /trash`, `POST /trash/restore` | what waits to be deleted; all of it, or `{satellite}`'s, back |
/// | `GET /chores` | the recurring work |
/// | `GET /earnings` | what is due, promised, claimed, held, with the newest statements; `?satellite=&limit=` |
/// | `GET /prices`, `POST /prices` | what is asked; other prices `{denomination, storage, egress, repair, audit, validity_seconds}` |
/// | `GET /vouchers`, `GET /claims`, `POST /claims` | channels with vouchers; what was claimed; claim all, or of `{satellite}` |
/// | `GET /wallet` | who is paid, and what the ledger says of it |
package struct NodeAPI: Service, Sendable {
    let settings: OperatorDoorSettings
    let node: StorageNode
    let logger: Logger

    /// The API over a node.
    package init(settings: OperatorDoorSettings, node: StorageNode, logger: Logger) {
        self.settings = settings
        self.node = node
        self.logger = logger
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        do { try await door.run(router()) } catch {
            // A node serves also without its farmer's door.
            logger.error(
                "the node cannot be asked or told anything, its admin.address cannot be used",
                metadata: ["address": "\(settings.host):\(settings.port)", "error": "\(error)"])
            try await gracefulShutdown()
        }
    }

    /// All routes; everything but `/health` stands behind the token.
    func router() -> Router<DoorContext> {
        door.router { group in
            addStatus(to: group)
            addScrub(to: group)
            addExits(to: group)
            addTrash(to: group)
            addFarming(to: group)
        }
    }

    private var door: OperatorDoor {
        OperatorDoor(name: "storj-node", settings: settings, logger: logger, refusal: Self.refusal)
    }

    /// What farmers are told of the node's errors. They are at the machine: what the disk or the network said helps, and
    /// holds nobody's secrets.
    private static func refusal(_ error: any Error) -> HTTPError? {
        if let farming = error as? FarmingError { return refusal(farming) }
        if let refused = error as? SettlementError {
            return HTTPError(.conflict, message: "the ledger refuses: \(refused)")
        }
        guard let exit = error as? ExitError else { return HTTPError(.internalServerError, message: "\(error)") }
        let status: HTTPResponse.Status =
            switch exit {
            case .unknownSatellite: .notFound
            case .alreadyBegun, .tooYoung, .refused: .conflict
            case .unexpectedAnswer: .badGateway
            }
        return HTTPError(status, message: "\(exit)")
    }

    private static func refusal(_ error: FarmingError) -> HTTPError {
        let status: HTTPResponse.Status =
            switch error {
            case .badPrices, .nothingToSend: .badRequest
            case .notFarming, .unknownPayer, .nothingToClaim: .notFound
            case .coldWallet, .claimUnderWay: .conflict
            }
        return HTTPError(status, message: "\(error)")
    }
}
