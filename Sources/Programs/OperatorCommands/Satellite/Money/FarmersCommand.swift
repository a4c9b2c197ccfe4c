import AdminAPI
package import ArgumentParser
import ClientCommands
import Contracts

/// `storj satellite farmers`.
package struct FarmersCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "farmers", abstract: "List farmers: wallets, prices, how they are paid, what they have proven lately.",
        discussion: """
            Example:
              storj satellite farmers --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: FarmersAnswer = try await session.client.get("market/farmers")
        try session.print(json: answer) {
            var table = TextTable([
                .init("NODE"), .init("WALLET"), .init("PAID BY"), .init("A TB-MONTH", .right), .init("A TB OUT", .right),
                .init("PROVEN", .right), .init("COMING"),
            ])
            for farmer in answer.farmers {
                table.add([
                    farmer.node, farmer.wallet, farmer.paidBy, Self.price(farmer.sheet, \.storageTBMonth),
                    Self.price(farmer.sheet, \.egressTB), "\(Int(farmer.standing * 100)) %",
                    farmer.coming.map { "\(Self.price($0, \.storageTBMonth)) from \(session.show($0.countsFrom))" } ?? "",
                ])
            }
            return table.lines
        }
    }

    private static func price(_ sheet: FarmerAnswer.Sheet?, _ price: KeyPath<FarmerAnswer.Sheet, UInt64>) -> String {
        guard let sheet else { return "default" }
        let amount = sheet[keyPath: price]
        return sheet.denomination == "usd" ? MoneyText.dollars(amount) : MoneyText.storj(amount)
    }
}
