package import ArgumentParser
package import ClientCommands
import Contracts
import Foundation

/// `storj verify manifest`.
package struct VerifyManifestCommand: MarketCommand {
    package static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Check what a satellite says of itself: who it is, what it accepts, where it pays.",
        discussion: """
            The manifest must be signed by the satellite's identity and by its paying key, be in force, accept STORJ, and name
            the ledger that is looked at. Our nodes and clients refuse a satellite whose manifest does not accept STORJ.

            Exit codes: 0 everything holds, 1 something does not, 3 no manifest, 5 nobody answers, 7 nothing is wrong, but not
            everything could be checked, 64 wrong command line.

            Examples:
              storj verify manifest --from 12Sa…@satellite.example:7777
              storj verify manifest --files saved --satellite 12Sa… --ledger ledger/ledger.log
            """)
    package static let path = "verify manifest"

    @OptionGroup var source: SourceOptions
    @OptionGroup var ledger: LedgerOptions
    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run(environment: CommandEnvironment, output: CommandOutput) async throws {
        let now = UInt64(max(0, environment.now().timeIntervalSince1970))
        let report = try await source.with { source in
            let (signed, satellite) = try await source.files.verifiedManifest(satellite: source.satellite, now: nil)
            var report = Self.report(signed.manifest, now: now)
            report.facts.insert(.init(name: "satellite", value: "\(satellite), both signatures hold"), at: 0)
            return try await ledger.with(source, signed.manifest) { view in
                guard let view else {
                    report.unknown.append("no ledger was looked at")
                    return report
                }
                report.facts.append(.init(name: "looked at", value: view.name))
                if let doubt = view.doubt { report.unknown.append(doubt) }
                if let settlement = signed.manifest.settlement, settlement.domains != view.domains {
                    report.problems.append("the ledger that was looked at is not the one the manifest names")
                }
                return report
            }
        }
        try report.print(to: output, isJSON: json)
        try report.conclude()
    }

    static func report(_ manifest: Manifest, now: UInt64) -> CheckReport {
        var problems: [String] = []
        if now > manifest.validUntil { problems.append("its time is over") }
        if now < manifest.issuedAt { problems.append("it is from the future: look at the clock of this machine") }
        if !manifest.acceptsSTORJ { problems.append("the satellite does not accept STORJ") }
        if manifest.settlement != nil, !manifest.settlesInSTORJ {
            problems.append("the satellite does not accept STORJ on the ledger where it settles")
        }
        if manifest.settlement == nil { problems.append("the satellite names no ledger: it pays nobody") }
        let prices = manifest.customerPrices
        let usd = { (micro: UInt64) in "\(USDAmount(micro: Int64(clamping: micro)))" }
        let tokens = manifest.tokens.map { token in
            token.chainID == 0 ? "\(token.symbol) on its own ledger" : "\(token.symbol) on chain \(token.chainID), \(token.contract)"
        }
        return CheckReport(
            facts: [
                .init(name: "address", value: manifest.address),
                .init(name: "number", value: "\(manifest.sequence)"),
                .init(
                    name: "in force",
                    value: "\(Self.time(manifest.issuedAt)) to \(Self.time(manifest.validUntil))"),
                .init(name: "accepts", value: tokens.isEmpty ? "nothing" : tokens.joined(separator: "; ")),
                .init(name: "pays from", value: "\(manifest.payer), vouchers by \(manifest.signer)"),
                .init(
                    name: "settles on",
                    value: manifest.settlement.map {
                        ($0.chainID == 0 ? "its own ledger" : "chain \($0.chainID)")
                            + ": channels \($0.channels), payouts \($0.payouts), agreements \($0.agreements)"
                    } ?? "nothing"),
                .init(
                    name: "customers pay",
                    value: "\(usd(prices.storageTBMonth)) USD/TB-month, \(usd(prices.egressTB)) USD/TB downloaded, "
                        + "\(usd(prices.millionSegmentMonth)) USD for a million segments and month"),
                .init(
                    name: "farmers get",
                    value: "\(usd(manifest.nodePrices.storageTBMonth)) USD/TB-month, "
                        + "\(usd(manifest.nodePrices.egressTB)) USD/TB where they have named no price"),
                .init(name: "keeps", value: Self.percent(manifest.fee)),
            ], problems: problems)
    }

    private static func time(_ seconds: UInt64) -> String {
        TimeText.display(Date(timeIntervalSince1970: Double(seconds)), in: .gmt) + " UTC"
    }

    /// Thousandths of a percent as percent.
    static func percent(_ thousandths: UInt32) -> String {
        let rest = "\(thousandths % 1000 + 1000)".dropFirst()
        return "\(thousandths / 1000).\(rest) %"
    }
}
