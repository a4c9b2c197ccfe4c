package import Accounting
package import Accounts
package import Billing
package import Chores
import Hummingbird
package import Logging
package import Market
package import OperatorDoor
package import Overlay
import ServiceLifecycle
package import StorageModel
package import Upkeep

/// The operator's door to a satellite: nodes, projects, keys, chores and durability, as JSON over HTTP.
///
/// | Request | Answer |
/// |---|---|
/// | `GET /health` | that the satellite runs; needs no token |
/// | `GET /status` | the satellite at a glance, and what needs attention |
/// | `GET /nodes`, `GET /nodes/ID` | what is known of every node, of one |
/// | `GET /events` | what happened to nodes, `?limit=N` of them |
/// | `GET /projects`, `POST /projects` | all projects; a new one `{email, name}` |
/// | `GET /projects/ID/usage` | what it stores and moved this month, and its limits |
/// | `POST /projects/ID/keys` | a new API key `{name}`, shown this once |
/// | `GET /chores`, `GET /chores/NAME` | the recurring work |
/// | `POST /chores/NAME/trigger` | runs it once and waits for it, unless `?wait=false` |
/// | `POST /chores/NAME/pause`, `/resume` | stops or continues its recurrence |
/// | `GET /loop` | how far the pass over all segments is |
/// | `GET /durability` | segments by redundancy class and state |
/// | `GET /audits` | how audits stand |
/// | `POST /audits/forgive` | lets pieces missing of segments before `{before}` count against nobody, for a while |
/// | `GET /repair` | what waits for repair and what was done |
/// | `GET /heartbeats` | the verdicts of the newest period, and earlier periods |
/// | `GET /garbage` | how the last collection of garbage went |
/// | `POST /garbage/restore-trash` | has nodes take back what is in their trash, and holds filters back |
/// | `POST /garbage/end-hold` | sends filters again |
/// | `GET /market` | what farmers are paid with, and how that stands |
/// | `GET /market/statements` | what periods earned, `?period=N`, `?node=ID`, `?limit=N` |
/// | `GET /market/farmers`, `/market/channels` | farmers with their prices; channels |
/// | `GET /ledger/balances/ADDRESS` | what an account has on the ledger |
/// | `GET /billing/customers`, `/billing/customers/ID` | balances; one with its movements; ID is an id or an address of mail |
/// | `GET /billing/customers/ID/invoices`, `/preview`, `/deposits` | documents, the month so far, deposits |
/// | `POST /billing/customers/ID/address`, `/card`, `/pay`, `/coupon` | where STORJ is paid to; `{method}`; `{id, amount}`; `{code}` |
/// | `GET /billing/invoices/NUMBER` | one invoice |
/// | `GET /billing/deposits`, `POST /billing/deposits/ID/release` | all deposits; one that was held back counts |
/// | `GET /billing/coupons`, `POST /billing/coupons` | coupons; a new one `{code, amount, validUntil, uses}` |
/// | `GET /billing/freezes`, `POST /billing/freeze`, `/unfreeze` | who may not upload and download; `{subject, id, reason}` |
/// | `GET /operators`, `POST /operators` | who sees the back office; `{account, is_operator}` |
/// | `GET /billing/partners`, `POST /billing/partners` | partners with statements; a new one `{id, name, wallet, products}` |
/// | `GET /billing/quote`, `/billing/journal` | what STORJ costs; whether the books add up |
/// | `GET /payouts`, `POST /payouts/run` | the last payout runs; begins one, or goes on with it |
/// | `GET /payouts/receipts` | what arrived at farmers, `?limit=N` |
/// | `GET /payouts/months/2026-11` | all nodes' statements of a month, `?format=json` or `csv` |
/// | `GET /payouts/prepayout` | who is still to get how much, CSV |
/// | `GET /metrics` | figures for monitoring, in the text form of Prometheus |
package struct AdminAPI: Service, Sendable {
    let settings: OperatorDoorSettings
    let id: NodeID
    let accounts: Accounts
    let accounting: Accounting
    let overlay: Overlay
    let upkeep: Upkeep
    let market: Market
    /// Nil for a satellite that bills nobody.
    let billing: Billing?
    let chores: [Cycle]
    /// Chores that were paused before anybody could have paused them.
    let onDemand: Set<String>
    let clock: WallClock
    let startedAt: Timestamp
    let logger: Logger
    private let bound: @Sendable (_ port: Int) -> Void

    /// The API over a satellite's rooms.
    ///
    /// - Parameters:
    ///   - id: the satellite's.
    ///   - bound: told the port once the API listens; it differs from the settings' when that is 0.
    package init(
        settings: OperatorDoorSettings, id: NodeID, accounts: Accounts, accounting: Accounting, overlay: Overlay,
        upkeep: Upkeep, market: Market, billing: Billing? = nil, chores: [Cycle], clock: WallClock, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.settings = settings
        self.id = id
        self.accounts = accounts
        self.accounting = accounting
        self.overlay = overlay
        self.upkeep = upkeep
        self.market = market
        self.billing = billing
        self.chores = chores
        onDemand = Set(chores.map(\.status).filter(\.isPaused).map(\.name))
        self.clock = clock
        startedAt = clock.now()
        self.logger = logger
        self.bound = bound
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws { try await door.run(router()) }

    /// All routes; everything but `/health` stands behind the token.
    func router() -> Router<DoorContext> {
        door.router { group in
            addNodes(to: group)
            addProjects(to: group)
            addChores(to: group)
            addUpkeep(to: group)
            addMarket(to: group)
            addPayouts(to: group)
            addMetrics(to: group)
            addBilling(to: group)
            addOperators(to: group)
        }
    }

    private var door: OperatorDoor {
        OperatorDoor(name: "storj-admin", settings: settings, logger: logger, bound: bound, refusal: Self.refusal)
    }

    /// What operators are told of the rooms' errors.
    private static func refusal(_ error: any Error) -> HTTPError? {
        if let error = error as? BillingError { return refusal(error) }
        if case MarketError.unpaid? = error as? MarketError { return HTTPError(.conflict, message: "\(MarketError.unpaid)") }
        guard let error = error as? AccountsError else { return nil }
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .alreadyExists: .conflict
            case .invalid: .badRequest
            case .busy: .serviceUnavailable
            }
        return HTTPError(status, message: error.message)
    }
}
