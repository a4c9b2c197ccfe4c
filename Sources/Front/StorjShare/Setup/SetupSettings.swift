import Contracts
import Ethereum
import StorageModel

/// A draft as the settings of a node.
enum SetupSettings {
    /// The smallest space that needs no setting of its own.
    private static let usualMinimum: Int64 = 500_000_000_000

    /// The settings, by dotted key; those that stay as they are by default are left out.
    static func values(_ draft: SetupDraft, app: StorjShareSettings) -> [String: String] {
        var values = [
            "address": draft.address, "satellites": draft.satellites.map { "\($0.url)" }.joined(separator: ","),
            "storage.allocated": "\(draft.allocated)", "price.storage": PricePage.decimal(UInt64(clamping: draft.storage), .microUSD),
            "price.traffic": PricePage.decimal(UInt64(clamping: draft.traffic), .microUSD),
            "app.address": "\(app.host):\(app.port)",
        ]
        if draft.mapsPort { values["map_port"] = "true" }
        if draft.allocated < usualMinimum { values["storage.minimum"] = "0" }
        let rest = [
            "external_address": draft.external, "operator.wallet": draft.wallet, "operator.email": draft.email,
            "app.token": app.token, "app.public_url": app.publicURL, "quotes.sources": draft.quotes,
        ]
        values.merge(rest.filter { !$0.value.isEmpty }) { $1 }
        if let keeper = keeper(draft) {
            values["ledger.kind"] = "satellite"
            values["ledger.url"] = "\(keeper)"
        }
        return values
    }

    /// The first satellite that keeps a ledger of its own; nil when nobody does.
    static func keeper(_ draft: SetupDraft) -> NodeURL? {
        draft.satellites.first { $0.manifest?.settlement?.chainID == 0 }?.url
    }

    /// Whether somebody pays on a chain, which takes an address of one that the wizard does not know.
    static func needsChain(_ draft: SetupDraft) -> Bool {
        draft.satellites.contains { ($0.manifest?.settlement?.chainID ?? 0) > 0 }
    }
}
