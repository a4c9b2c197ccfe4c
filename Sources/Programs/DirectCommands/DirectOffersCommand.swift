package import ArgumentParser
import ClientCommands
import Contracts
import Direct
import StorageModel

/// `storj direct offers`.
package struct DirectOffersCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "offers", abstract: "Ask nodes what they ask for.",
        discussion: """
            Nodes named once are remembered.

            Examples:
              storj direct offers --dir me 12Kq…@203.0.113.7:28967
              storj direct offers --dir me
            """)

    @OptionGroup package var options: DirectOptions

    @Argument(help: ArgumentHelp("Nodes.", valueName: "id@host:port"))
    package var nodes: [String] = []

    package init() {}

    private struct Row: Encodable {
        let node: String
        var storageTBMonth: String?
        var egressTB: String?
        var freeSpace: Int64?
        var problem: String?
    }

    package func run(in session: DirectSession) async throws {
        let nodes = try session.folder().remember(nodes)
        guard !nodes.isEmpty else { throw CommandFailure(.usage, "no node was named yet") }
        let rows = try await session.withCustomer { customer in
            try await customer.offers(of: nodes).map(Self.row)
        }
        var table = TextTable([.init("NODE"), .init("TB-MONTH", .right), .init("TB SENT", .right), .init("FREE", .right), .init("")])
        for row in rows {
            table.add([
                row.node, row.storageTBMonth ?? "-", row.egressTB ?? "-", row.freeSpace.map(SizeText.human) ?? "-",
                row.problem ?? "",
            ])
        }
        try session.print(rows) { table.lines }
    }

    private static func row(_ answer: OfferAnswer) -> Row {
        switch answer.result {
        case .failure(let error): return Row(node: answer.node.id.description, problem: "\(error)")
        case .success(let offer):
            let sheet = offer.sheet.sheet
            return Row(
                node: answer.node.id.description, storageTBMonth: price(sheet.storageTBMonth, sheet.denomination),
                egressTB: price(sheet.egressTB, sheet.denomination), freeSpace: offer.freeSpace)
        }
    }

    private static func price(_ value: UInt64, _ denomination: PriceSheet.Denomination) -> String {
        switch denomination {
        case .storj: "\(TokenAmount(value)) STORJ"
        case .microUSD: "\(USDAmount(micro: Int64(clamping: value))) USD"
        }
    }
}
