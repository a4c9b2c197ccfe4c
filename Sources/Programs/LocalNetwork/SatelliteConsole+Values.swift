import Chores
import ConsoleKit
import Installation
import Logging
import MailDoor
import Satellite
import SatelliteConsole
import StorageModel

extension SatelliteConsole {
    /// The pages of a satellite, as its settings say; nil when they are to be served nowhere.
    ///
    /// - Parameter address: the satellite's as grants name it.
    /// - Throws: `SettingsError`, `WebResourceError`.
    static func make(_ values: SettingsValues, _ rooms: SatelliteRooms, address: String, logger: Logger) throws -> SatelliteConsole? {
        guard !values.text("console.address").isEmpty else { return nil }
        let (host, port) = try values.hostAndPort("console.address")
        var web = WebSettings(port: port)
        web.host = host
        let publicURL = values.text("console.public_url")
        web.publicURL = publicURL.isEmpty ? nil : publicURL
        web.isBehindProxy = publicURL.hasPrefix("https://")
        var settings = ConsoleSettings(web: web)
        settings.gateway = values.text("console.gateway")
        settings.links = values.text("console.links")
        settings.isSignUpOpen = values.flag("console.sign_up")
        if !values.text("mail.smtp").isEmpty {
            settings.mail = try MailSettings(values, prefix: "mail", from: "mail.from", else: nil, name: settings.brand)
        }
        settings.demandsConfirmedAddress = values.flag("console.confirm_addresses")
        guard settings.mail != nil || !settings.demandsConfirmedAddress else {
            throw values.refusal(of: "console.confirm_addresses", expected: "false, or mail.smtp to mail the links with")
        }
        return try SatelliteConsole(
            parts: ConsoleParts(
                accounts: rooms.accounts, metabase: rooms.metabase, overlay: rooms.overlay, accounting: rooms.accounting,
                upkeep: rooms.upkeep, market: rooms.market, billing: rooms.billing, admin: rooms.admin,
                chores: rooms.chores, satellite: address, clock: .system, random: .system, logger: logger),
            settings: settings)
    }
}
