import Chores
import ConsoleKit
import Installation
import Logging
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
        return try SatelliteConsole(
            parts: ConsoleParts(
                accounts: rooms.accounts, metabase: rooms.metabase, overlay: rooms.overlay, accounting: rooms.accounting,
                upkeep: rooms.upkeep, market: rooms.market, billing: rooms.billing, admin: rooms.admin,
                chores: rooms.chores, satellite: address, clock: .system, random: .system, logger: logger),
            settings: settings)
    }
}
