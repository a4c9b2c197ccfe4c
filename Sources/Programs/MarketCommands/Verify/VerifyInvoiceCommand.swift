package import ArgumentParser
package import ClientCommands
import Contracts
import Ethereum
import StorageModel

/// `storj verify invoice`.
package struct VerifyInvoiceCommand: MarketCommand {
    package static let configuration = CommandConfiguration(
        commandName: "invoice", abstract: "Compute an invoice again, line by line.",
        discussion: """
            Every line is computed again from its quantity and price, and so are the sums. With --from or --files the prices are
            compared with those the satellite publishes, and the invoice must be that satellite's. Quantities can be compared
            with your own records only: nobody else may know what you stored.

            Exit codes: 0 everything holds, 1 something does not, 3 no such file, 5 nobody answers, 7 nothing is wrong, but
            not everything could be checked, 64 wrong command line.

            Examples:
              storj verify invoice 2026-11-000017.bin --from 12Sa…@satellite.example:7777
              storj verify invoice 2026-11-000017.bin --json
            """)
    package static let path = "verify invoice"

    @Argument(help: "The invoice.", completion: .file())
    var file: String
    @OptionGroup var source: SourceOptions
    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run(environment: CommandEnvironment, output: CommandOutput) async throws {
        let invoice: Invoice
        do { invoice = try Invoice(encoded: try LocalFile.read(file)) } catch let error as EthereumError {
            throw CommandFailure(.failure, "\(file) is no invoice: \(error)")
        }
        var report = Self.report(invoice)
        if source.isGiven {
            report = try await source.with { source in
                let (signed, satellite) = try await source.files.verifiedManifest(satellite: source.satellite, now: nil)
                return Self.compare(report, invoice, signed.manifest, satellite)
            }
        } else {
            report.unknown.append("prices were not compared with those the satellite publishes")
        }
        try report.print(to: output, isJSON: json)
        try report.conclude()
    }

    static func report(_ invoice: Invoice) -> CheckReport {
        CheckReport(
            facts: [
                .init(name: "invoice", value: invoice.number), .init(name: "satellite", value: "\(invoice.satellite)"),
                .init(name: "month", value: "\(invoice.month)"), .init(name: "total", value: "\(invoice.total) USD"),
                .init(name: "due", value: "\(invoice.due) USD"),
                .init(name: "digest", value: Hexadecimal.encode(invoice.digest.bytes)),
            ],
            lines: invoice.lines.enumerated().map { index, line in
                let quantity = line.kind.isUsage ? "\(line.quantity) × \(line.price) ÷ \(line.unit)" : line.reference
                return .init(
                    name: "line \(index + 1)", value: "\(line.kind), \(line.amount) USD\(quantity.isEmpty ? "" : ": \(quantity)")")
            }, problems: invoice.objections)
    }

    /// Adds what the satellite's manifest says.
    static func compare(
        _ report: CheckReport, _ invoice: Invoice, _ manifest: Manifest, _ satellite: NodeID
    ) -> CheckReport {
        var report = report
        if invoice.satellite != satellite { report.problems.append("it is of another satellite, \(invoice.satellite)") }
        for (index, line) in invoice.lines.enumerated() where line.kind.isUsage {
            let published = Self.price(line.kind, manifest.customerPrices)
            // Placements and coupons may have prices of their own: a lower one is nobody's harm.
            if line.price > published {
                report.lines[index].problems.append("the price is \(line.price), the satellite publishes \(published)")
            }
        }
        return report
    }

    private static func price(_ kind: InvoiceLine.Kind, _ prices: Manifest.CustomerPrices) -> UInt64 {
        switch kind {
        case .storage: prices.storageTBMonth
        case .egress: prices.egressTB
        case .segments: prices.millionSegmentMonth
        case .minimum, .coupon, .bonus, .credit, .refund: .max
        }
    }
}
