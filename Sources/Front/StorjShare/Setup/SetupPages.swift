import ConsoleKit
import Contracts
import Ethereum
import HTTPTypes
import Hummingbird
import StorageModel
import StorageNode

/// A step of the wizard as its page shows it.
struct SetupPage: Sendable {
    struct Step: Sendable {
        let title: String
        let isCurrent: Bool
        let isDone: Bool
    }

    struct Satellite: Sendable {
        struct Fact: Sendable {
            let title: String
            let value: String
        }

        let name: String
        let id: String
        let state: Pill
        let reach: Pill
        let facts: [Fact]
        let problem: String
        let hasProblem: Bool
    }

    struct Choice: Sendable {
        let title: String
        let value: String
    }

    static let titles = ["Identity", "Place", "Satellites", "Price", "Start"]

    let steps: [Step]
    let title: String
    let fields: [Field]
    let errors: [FormError]
    var isIdentity = false
    var isSearching = false
    var searchText = ""
    var failure = ""
    var hasFailure = false
    var isPlace = false
    var diskText = ""
    var isSatellites = false
    var satellites: [Satellite] = []
    var hasSatellites = false
    var natAdvice = false
    var isPrice = false
    /// The slider's highest price, in dollars for a TB-month.
    var high = ""
    /// What the slider's price is multiplied by: all space that the node offers.
    var offeredBytes: Int64 = 0
    var market = Markup(trusted: "")
    var hasMarket = false
    var place = ""
    var rows: [Choice] = []
    var isStart = false
    var summary: [Choice] = []
    var chainNote = false

    init(step: Int, fields: [Field] = [], errors: [FormError] = []) {
        steps = Self.titles.enumerated().map { Step(title: $1, isCurrent: $0 == step, isDone: $0 < step) }
        title = Self.titles[min(max(0, step), Self.titles.count - 1)]
        self.fields = fields
        self.errors = errors
    }
}

extension SetupPage.Satellite {
    init(_ facts: SatelliteFacts) {
        name = facts.url.address
        id = "\(facts.url.id)"
        problem = facts.problem ?? facts.unreached ?? ""
        hasProblem = !problem.isEmpty
        state =
            facts.problem != nil
            ? Pill(.bad, "cannot be taken") : facts.manifest == nil ? Pill(.warning, "no manifest") : Pill(.good, "manifest verified")
        reach =
            facts.isReached
            ? Pill(.good, "reaches this node") : facts.unreached != nil ? Pill(.bad, "does not reach this node") : Pill(.neutral, "not tried")
        self.facts = facts.manifest.map { manifest in
            let scale = manifest.timeScale == 1 ? "" : ", a trial: a second counts for \(manifest.timeScale)"
            return [
                .init(title: "Pays from", value: manifest.payer.checksummed),
                .init(
                    title: "On", value: manifest.settlement.map { $0.chainID == 0 ? "the ledger it keeps itself" : "Ethereum, chain \($0.chainID)" } ?? "no ledger"),
                .init(title: "A period", value: Figure.duration(.seconds(Int64(clamping: manifest.periodSeconds))).text + scale),
                .init(title: "Its share", value: "\(Double(manifest.fee) / 1000) % of what customers pay"),
                .init(title: "Customers pay", value: Figure.money(microdollars: Int64(clamping: manifest.customerPrices.storageTBMonth)).text + " a TB-month"),
                .init(title: "Without prices of your own", value: Figure.money(microdollars: Int64(clamping: manifest.nodePrices.storageTBMonth)).text + " a TB-month"),
            ]
        } ?? []
    }
}
