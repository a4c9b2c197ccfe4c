package import Accounting
package import Accounts
package import AdminAPI
package import Billing
package import Chores
package import Market
package import Metabase
package import Overlay
package import Upkeep

/// A satellite's rooms, for what is built upon them: pages for customers and operators.
package struct SatelliteRooms: Sendable {
    package let accounts: Accounts
    package let metabase: Metabase
    package let overlay: Overlay
    package let accounting: Accounting
    package let upkeep: Upkeep
    package let market: Market
    package let billing: Billing
    package let admin: AdminAPI
    /// Recurring work, by whatever room.
    package let chores: [Cycle]
}
