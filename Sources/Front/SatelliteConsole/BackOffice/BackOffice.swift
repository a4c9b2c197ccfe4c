package import Accounting
package import Accounts
package import AdminAPI
package import Billing
package import Chores
package import ConsoleKit
import HTTPTypes
package import Hummingbird
package import Market
package import Overlay
import StorageModel
package import Upkeep

/// Who looks at the back office.
package struct BackOfficeVisitor: Sendable {
    package let user: User
    /// The frame of an operator's pages; the back office puts its own places into it.
    package let shell: Shell

    /// An operator.
    package init(user: User, shell: Shell) {
        self.user = user
        self.shell = shell
    }
}

/// The pages of those who run a satellite, all below `/operator`: what it holds, who keeps it, who pays and is paid.
///
/// Whatever is changed here is written into the log of actions, with who did it and from where.
package struct BackOffice: Sendable {
    /// Rows of a page of a list.
    static let pageSize = 30

    let accounts: Accounts
    let accounting: Accounting
    let overlay: Overlay
    let upkeep: Upkeep
    let market: Market
    let billing: Billing
    let admin: AdminAPI
    let chores: [Cycle]
    /// Who is signed in; throws what sends away whoever is no operator.
    let visitor: @Sendable (WebContext) async throws -> BackOfficeVisitor

    /// Pages over a satellite's rooms.
    package init(
        accounts: Accounts, accounting: Accounting, overlay: Overlay, upkeep: Upkeep, market: Market, billing: Billing,
        admin: AdminAPI, chores: [Cycle], visitor: @escaping @Sendable (WebContext) async throws -> BackOfficeVisitor
    ) {
        self.accounts = accounts
        self.accounting = accounting
        self.overlay = overlay
        self.upkeep = upkeep
        self.market = market
        self.billing = billing
        self.admin = admin
        self.chores = chores
        self.visitor = visitor
    }

    /// Adds the routes.
    package func add(to router: some RouterMethods<WebContext>) {
        router.get("operator") { _, context in try await self.overview(context) }
        router.get("operator/nodes") { request, context in try await self.nodes(request, context) }
        router.get("operator/nodes/:id") { _, context in try await self.node(context) }
        router.get("operator/nodes/:id/disqualify") { _, context in try await self.askDisqualify(context) }
        router.post("operator/nodes/:id/disqualify") { _, context in try await self.disqualify(context) }
        router.get("operator/durability") { _, context in try await self.durability(context) }
        router.get("operator/repair") { _, context in try await self.repair(context) }
        router.get("operator/market") { _, context in try await self.marketPage(context) }
        router.get("operator/customers") { request, context in try await self.customers(request, context) }
        router.get("operator/customers/:id") { _, context in try await self.customer(context) }
        router.post("operator/customers/:id/freeze") { _, context in try await self.freezeCustomer(context) }
        router.post("operator/customers/:id/unfreeze") { _, context in try await self.unfreezeCustomer(context) }
        router.post("operator/customers/:id/codes/end") { _, context in try await self.endCodes(context) }
        router.get("operator/projects/:id") { _, context in try await self.project(context) }
        router.post("operator/projects/:id/limits") { _, context in try await self.setLimits(context) }
        router.post("operator/projects/:id/freeze") { _, context in try await self.freezeProject(context) }
        router.post("operator/projects/:id/unfreeze") { _, context in try await self.unfreezeProject(context) }
        router.get("operator/settlement") { _, context in try await self.settlement(context) }
        router.post("operator/settlement/run") { _, context in try await self.runPayouts(context) }
        router.get("operator/chores") { _, context in try await self.choresPage(context) }
        router.post("operator/chores/:name/:action") { _, context in try await self.steer(context) }
        router.get("operator/log") { request, context in try await self.log(request, context) }
    }

    /// The frame with the back office's places.
    func shell(_ visitor: BackOfficeVisitor) -> Shell {
        Shell(
            brand: visitor.shell.brand, home: "/operator",
            sections: [
                NavigationSection(
                    "Satellite",
                    [
                        NavigationItem("Overview", "/operator", icon: "overview"),
                        NavigationItem("Nodes", "/operator/nodes", icon: "nodes"),
                        NavigationItem("Durability", "/operator/durability", icon: "shield"),
                        NavigationItem("Repair", "/operator/repair", icon: "repair"),
                        NavigationItem("Recurring work", "/operator/chores", icon: "settings"),
                    ]),
                NavigationSection(
                    "Money",
                    [
                        NavigationItem("Market", "/operator/market", icon: "market"),
                        NavigationItem("Settlement", "/operator/settlement", icon: "wallet"),
                        NavigationItem("Customers", "/operator/customers", icon: "people", covers: ["/operator/projects"]),
                    ]),
                NavigationSection(
                    nil,
                    [
                        NavigationItem("Log of actions", "/operator/log", icon: "log"),
                        NavigationItem("Back to the console", "/", icon: "link"),
                    ]),
            ], account: visitor.shell.account, notice: visitor.shell.notice, footer: visitor.shell.footer)
    }

    /// A page of the back office.
    func page(
        _ template: String, _ title: String, _ visitor: BackOfficeVisitor, _ context: WebContext,
        status: HTTPResponse.Status = .ok, model: any Sendable
    ) throws -> Response {
        try context.page(template, title: title, shell: shell(visitor), model: model, status: status)
    }

    /// Writes down what an operator did.
    func note(
        _ action: String, _ subject: String, _ detail: String = "", _ visitor: BackOfficeVisitor, _ context: WebContext
    ) async throws {
        try await accounts.note(
            action, subject: subject, detail: detail, by: visitor.user, from: context.remoteAddress)
    }

    /// A whole number of the query, from 0; 0 for anything else.
    static func offset(_ request: Request) -> Int {
        request.uri.queryParameters["from"].flatMap { Int($0) }.map { min(max(0, $0), 10_000_000) } ?? 0
    }

    /// A text of the query, decoded; "" for none.
    static func text(_ name: Substring, _ request: Request) -> String {
        String((request.uri.queryParameters[name] ?? "").prefix(200))
    }

    /// The ways to the neighbours of a page of a list.
    static func paging(_ path: String, query: String, from: Int, count: Int) -> Paging? {
        guard count > pageSize else { return nil }
        func address(_ from: Int) -> String { "\(path)?from=\(from)\(query)" }
        let last = min(from + pageSize, count)
        return Paging(
            summary: "\(Figure.count(from + 1).text) to \(Figure.count(last).text) of \(Figure.count(count).text)",
            previous: from > 0 ? address(max(0, from - pageSize)) : nil, next: last < count ? address(last) : nil)
    }

    /// Text for a query: everything but letters and digits in percent.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            byte < 128 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
                ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.encode([byte])
        }.joined()
    }
}

/// A fact in a list of facts.
struct Fact: Sendable {
    let name: String
    let value: Figure

    init(_ name: String, _ value: Figure) {
        self.name = name
        self.value = value
    }
}
