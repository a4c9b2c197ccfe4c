package import ArgumentParser
import ClientCommands
import Contracts
import Direct
import Ethereum
import StorageModel

/// `storj direct status`.
package struct DirectStatusCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show money, farmers and agreements.",
        discussion: """
            Examples:
              storj direct status --dir me
              storj direct status --dir me --json
            """)

    @OptionGroup package var options: DirectOptions

    package init() {}

    private struct Report: Encodable {
        struct Farmer: Encodable {
            let node: String, wallet: String, state: String, channel: String, promised: String
            let locked: String?
            let refusal: String?
        }
        struct Agreement: Encodable {
            let id: String, node: String, state: String, price: String
            let bytes: Int64
            let periods: UInt64
            let passed: Int, paid: Int, missed: Int
            let escrow: String?, collateral: String?
            let refusal: String?
        }
        let wallet: String, id: String, balance: String
        let objects: Int
        let farmers: [Farmer]
        let agreements: [Agreement]
    }

    package func run(in session: DirectSession) async throws {
        let report = try await session.withCustomer { customer in
            Self.report(try await customer.status(), wallet: customer.wallet.checksummed, id: customer.id)
        }
        try session.print([report]) { Self.lines(report) }
    }

    private static func report(_ status: DirectStatus, wallet: String, id: NodeID) -> Report {
        Report(
            wallet: wallet, id: id.description, balance: status.balance.description, objects: status.objects.count,
            farmers: status.farmers.map {
                .init(
                    node: $0.record.node.description, wallet: $0.record.binding.binding.wallet.checksummed,
                    state: "\($0.record.state)", channel: $0.record.channel.id.text,
                    promised: $0.record.cumulative.description, locked: $0.channel?.locked.description,
                    refusal: $0.record.refusal)
            },
            agreements: status.agreements.map { agreement in
                .init(
                    id: agreement.record.id.text, node: agreement.record.node.description,
                    state: "\(agreement.record.state)", price: agreement.record.terms.price.description,
                    bytes: agreement.byteCount, periods: agreement.record.terms.periodCount,
                    passed: agreement.periods.count { $0.verdict == "passed" },
                    paid: agreement.state?.paid.periods.count ?? 0, missed: agreement.state?.missed.periods.count ?? 0,
                    escrow: agreement.state?.escrow.description, collateral: agreement.state?.collateral.description,
                    refusal: agreement.record.refusal)
            })
    }

    private static func lines(_ report: Report) -> [String] {
        var farmers = TextTable([.init("FARMER"), .init("STATE"), .init("LOCKED", .right), .init("PROMISED", .right), .init("")])
        for farmer in report.farmers {
            farmers.add([farmer.node, farmer.state, farmer.locked ?? "-", farmer.promised, farmer.refusal ?? ""])
        }
        var agreements = TextTable([
            .init("AGREEMENT WITH"), .init("STATE"), .init("BYTES", .right), .init("A PERIOD", .right), .init("PASSED", .right),
            .init("PAID", .right), .init("MISSED", .right), .init("OF", .right), .init("LEFT", .right),
        ])
        for agreement in report.agreements {
            agreements.add([
                agreement.node, agreement.state, SizeText.human(agreement.bytes), agreement.price, "\(agreement.passed)",
                "\(agreement.paid)", "\(agreement.missed)", "\(agreement.periods)", agreement.escrow ?? "-",
            ])
        }
        return FactList.lines([
            ("wallet", report.wallet), ("balance", "\(report.balance) STORJ"), ("identity", report.id),
            ("objects", "\(report.objects)"),
        ]) + (farmers.isEmpty ? [] : [""] + farmers.lines) + (agreements.isEmpty ? [] : [""] + agreements.lines)
    }
}
