import ConsoleKit
import Hummingbird
import StorageModel

/// Many nodes in one view.
struct FarmPage: Sendable {
    struct Row: Sendable {
        let name: String
        let url: String
        let state: Pill
        let sentence: String
        let used: Figure
        let free: Figure
        let trash: Figure
        let sent: Figure
        let month: Figure
        let price: Figure
        let satellites: String
    }

    let head: PageHead
    let tiles: [Tile]
    let rows: [Row]

    init(_ answers: [FarmReader.Line]) {
        let lines = answers.compactMap { if case .line(let line) = $0.answer { line } else { nil } }
        let bad = answers.count - lines.filter { $0.state == "good" || $0.state == "notice" }.count
        head = PageHead(
            "Farm",
            lede: bad == 0 ? "All \(answers.count) nodes are well." : "\(bad) of \(answers.count) nodes need you.")
        func sum(_ value: (FarmLine) -> Int64) -> Int64 {
            lines.reduce(Int64(0)) { $0.addingReportingOverflow(max(0, value($1))).partialValue }
        }
        tiles = [
            Tile("Stored", .bytes(sum(\.contentBytes), how: "Customers' content on all nodes that answered.")),
            Tile("Free", .bytes(sum(\.freeBytes)), note: "of \(Figure.bytes(sum(\.allocatedBytes)).text) allocated"),
            Tile("Sent, 30 days", .bytes(sum(\.sentBytes))),
            Tile(
                "Earned this month",
                .token(baseUnits: sum { Int64(clamping: $0.monthUnits ?? 0) }, how: "Statements of this month that the nodes agreed to.")),
            Tile(
                "Vouchers held",
                .token(baseUnits: sum { Int64(clamping: $0.claimableUnits ?? 0) }, how: "Promised and not claimed yet.")),
        ]
        rows = answers.map { member, answer in
            switch answer {
            case .line(let line): Self.row(member, line)
            case .problem(let problem): Self.row(member, problem)
            }
        }
    }

    private static func row(_ member: FarmMember, _ line: FarmLine) -> Row {
        let state: Pill.Kind = line.state == "broken" ? .bad : line.state == "warning" ? .warning : .good
        return Row(
            name: member.name, url: member.url, state: Pill(state, state == .good ? "well" : line.state == "broken" ? "broken" : "warning"),
            sentence: line.sentence, used: .bytes(line.usedBytes), free: .bytes(line.freeBytes), trash: .bytes(line.trashBytes),
            sent: .bytes(line.sentBytes), month: line.monthUnits.map { .token(baseUnits: Int64(clamping: $0)) } ?? .none(),
            price: line.storagePrice.map {
                line.isDollars == true ? .money(microdollars: Int64(clamping: $0)) : .token(baseUnits: Int64(clamping: $0))
            } ?? .none(), satellites: "\(line.reachedSatellites) of \(line.satellites)")
    }

    private static func row(_ member: FarmMember, _ problem: String) -> Row {
        Row(
            name: member.name, url: member.url, state: Pill(.bad, "not reached"), sentence: "The node is not reached: \(problem).",
            used: .none(), free: .none(), trash: .none(), sent: .none(), month: .none(), price: .none(), satellites: "–")
    }
}

/// The route of the farm's view: in a node's app, and in an app of its own.
struct FarmPages {
    let members: [FarmMember]
    let clock: WallClock
    let shell: @Sendable (WebContext) -> Shell
    /// Where it is: `farm` in a node's app.
    var path = "farm"

    func add(to routes: RouterGroup<WebContext>) {
        guard !members.isEmpty else { return }
        let desk = FarmDesk(members: members, clock: clock)
        routes.get(RouterPath(path)) { [shell] _, context in
            try context.page(
                "share-farm", title: "Farm", shell: shell(context), model: FarmPage(await desk.answers()),
                styles: ["share.css"])
        }
    }
}
