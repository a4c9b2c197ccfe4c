package import ArgumentParser
import ClientCommands
import Contracts
import Direct
import StorageModel

/// `storj direct hire`.
package struct DirectHireCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "hire", abstract: "Open a funded channel with farmers and make yourself known to them.",
        discussion: """
            Traffic is paid from the channel, and a farmer lets you store as much as the channel covers for two days.

            Examples:
              storj direct hire --dir me --deposit 2.5
              storj direct hire --dir me --deposit 2.5 --cheapest 10
            """)

    @OptionGroup package var options: DirectOptions

    @Option(help: ArgumentHelp("What is locked for each.", valueName: "storj"))
    package var deposit: String

    @Option(help: ArgumentHelp("Only so many, by the price of storage.", valueName: "count"))
    package var cheapest: Int?

    @Argument(help: ArgumentHelp("Nodes; none: all that were named before.", valueName: "id@host:port"))
    package var nodes: [String] = []

    package init() {}

    package func validate() throws {
        guard let amount = TokenAmount(deposit), amount > .zero else {
            throw ValidationError("\"\(deposit)\" is not an amount of STORJ such as 2.5")
        }
        if let cheapest, cheapest < 1 { throw ValidationError("At least one farmer") }
    }

    private struct Row: Encodable {
        let node: String, channel: String, deposit: String
        let isHired: Bool
        let refusal: String?
    }

    package func run(in session: DirectSession) async throws {
        let known = try session.folder().remember(nodes)
        let chosen = try nodes.isEmpty ? known : DirectFolder.parse(nodes)
        guard !chosen.isEmpty, let amount = TokenAmount(deposit) else { throw CommandFailure(.usage, "no node was named yet") }
        let farmers = try await session.withCustomer { customer in
            try await customer.hire(try await choose(chosen, customer), deposit: amount)
        }
        let rows = farmers.map {
            Row(
                node: $0.node.description, channel: $0.channel.id.text, deposit: $0.deposit.description,
                isHired: $0.state == .hired && $0.refusal == nil, refusal: $0.refusal)
        }
        var table = TextTable([.init("NODE"), .init("DEPOSIT", .right), .init("")])
        for row in rows { table.add([row.node, row.deposit, row.isHired ? "hired" : row.refusal ?? "not hired"]) }
        try session.print(rows) { table.lines }
        guard rows.contains(where: \.isHired) else { throw CommandFailure(.failure, "no farmer is hired") }
    }

    private func choose(_ nodes: [NodeURL], _ customer: Customer) async throws -> [NodeURL] {
        guard let cheapest else { return nodes }
        let offers = try await customer.offers(of: nodes).compactMap { try? $0.result.get() }
        return offers.sorted { $0.sheet.sheet.storageTBMonth < $1.sheet.sheet.storageTBMonth }.prefix(cheapest).map(\.node)
    }
}
