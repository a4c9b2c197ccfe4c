package import ArgumentParser
import ClientCommands
import Contracts
import Direct
import StorageModel

/// `storj direct settle`.
package struct DirectSettleCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Take back the pay of missed periods, and end agreements that are over.",
        discussion: """
            Examples:
              storj direct settle --dir me
            """)

    @OptionGroup package var options: DirectOptions

    package init() {}

    private struct Answer: Encodable {
        let reclaimed: [String], finished: [String]
        let refund: String
    }

    package func run(in session: DirectSession) async throws {
        let report = try await session.withCustomer { try await $0.settle() }
        let answer = Answer(
            reclaimed: report.reclaimed.map(\.text), finished: report.finished.map(\.text),
            refund: report.refund.description)
        try session.print([answer]) {
            [
                "\(report.refund) STORJ came back from \(report.reclaimed.count) agreements with missed periods.",
                "\(report.finished.count) agreements are over.",
            ]
        }
    }
}
