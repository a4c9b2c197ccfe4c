import ConsoleKit
import Contracts
import HTTPTypes
import Hummingbird
import StorageModel
import StorageNode

extension StorjShare {
    /// All pages.
    func addPages(to pages: RouterGroup<WebContext>) {
        addOverview(to: pages)
        addSpace(to: pages)
        addTraffic(to: pages)
        addSatellites(to: pages)
        addEarnings(to: pages)
        addPrices(to: pages)
        addUpkeep(to: pages)
        addAlerts(to: pages)
        addAPI(to: pages)
        addSno(to: pages)
        FarmPages(members: settings.farm, clock: clock, shell: shell).add(to: pages)
    }

    /// The frame of all pages.
    func shell(_ context: WebContext) -> Shell {
        var items = [
            NavigationItem("Overview", "/", icon: "overview"), NavigationItem("Space", "/space", icon: "disk"),
            NavigationItem("Traffic", "/traffic", icon: "chart"),
            NavigationItem("Satellites", "/satellites", icon: "satellite"),
        ]
        if node.farmer != nil {
            items.append(NavigationItem("Earnings", "/earnings", icon: "wallet"))
            items.append(NavigationItem("Prices", "/prices", icon: "price"))
        }
        items.append(NavigationItem("Upkeep", "/upkeep", icon: "repair"))
        if alerts != nil { items.append(NavigationItem("Alerts", "/alerts", icon: "alert")) }
        if !settings.farm.isEmpty { items.append(NavigationItem("Farm", "/farm", icon: "nodes")) }
        let id = "\(node.id)"
        return Shell(
            brand: ShareFrame.brand, items: items,
            account: Account(name: String(id.prefix(12)) + "…", signOut: settings.token.isEmpty ? nil : "/sign-out"),
            footer: "Node \(id) · \(node.version)")
    }

    /// What visitors are told of the rooms' errors. Farmers run the machine: what its disk says helps them.
    static func refusal(_ error: any Error) -> WebError? {
        switch error {
        case let error as SatelliteListError: WebError(.conflict, "\(error)")
        case let error as FarmingError: WebError(.conflict, "\(error)")
        case let error as SettlementError: WebError(.conflict, "The ledger refuses: \(error)")
        case let error as ExitError: WebError(.conflict, "\(error)")
        default: nil
        }
    }
}

/// The satellite a path names.
///
/// - Throws: `WebError` for what is no id, which is told like an unknown one.
func satelliteInPath(_ context: WebContext) throws -> NodeID {
    guard let text = context.parameters.get("satellite"), let id = try? NodeID(text: text) else { throw WebError.notFound }
    return id
}
