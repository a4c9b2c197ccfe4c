package import Accounting
package import Accounts
package import Billing
package import DRPC
package import Market
package import Metabase
package import Metainfo
package import OperatorDoor
package import Overlay
package import Upkeep

/// The settings of a whole satellite: those of its rooms, and where it listens.
package struct SatelliteSettings: Sendable {
    /// Where clients and nodes connect.
    package var server = RPCServerSettings()
    /// How the satellite dials nodes.
    package var dialer = RPCDialerSettings()
    /// Where operators connect.
    package var admin = OperatorDoorSettings(port: 7780)
    /// What the satellite asks of nodes.
    package var overlay = OverlaySettings()
    /// What projects may use.
    package var accounts = AccountsSettings()
    /// How usage is counted.
    package var accounting = AccountingSettings()
    /// How objects are kept.
    package var metabase = MetabaseSettings()
    /// What clients may send, and how segments are spread.
    package var metainfo = MetainfoSettings()
    /// How segments are looked after.
    package var upkeep = UpkeepSettings()
    /// How nodes prove what they hold.
    package var market = MarketSettings()
    /// What customers pay, and how.
    package var billing = BillingSettings()

    /// The defaults of every room.
    package init() {}
}
