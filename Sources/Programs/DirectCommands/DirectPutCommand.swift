package import ArgumentParser
import ClientCommands
import Contracts
import Direct
import Foundation
import Installation
import StorageModel

/// `storj direct put`.
package struct DirectPutCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Store files with the hired farmers, and agree about them.",
        discussion: """
            The pay of all periods is locked on the ledger; a farmer gets a period's pay for a heartbeat that it passed.
            What was interrupted goes on when the same is asked for again.

            Examples:
              storj direct put --dir me --periods 30 photos.tar letters.tar
              storj direct put --dir me --name backup/monday --period 1d --periods 90 --collateral 3 disk.img
            """)

    @OptionGroup package var options: DirectOptions

    @Option(help: "What one file is called; by default its own name.")
    package var name: String?

    @Option(help: ArgumentHelp("Length of a period.", valueName: "duration"))
    package var period = "1d"

    @Option(help: ArgumentHelp("How many, 1 to 256.", valueName: "count"))
    package var periods: UInt64 = 30

    @Option(help: ArgumentHelp("Time to prove after the day of a period's beacon.", valueName: "duration"))
    package var window = "1d"

    @Option(help: ArgumentHelp("Further time before missed periods are refunded.", valueName: "duration"))
    package var grace = "1d"

    @Option(help: ArgumentHelp("What a farmer locks, in periods' prices.", valueName: "count"))
    package var collateral: UInt64 = 0

    @Option(help: ArgumentHelp("Pieces needed/repaired/enough/made; by default as fits the farmers.", valueName: "k/m/o/n"))
    package var scheme: String?

    @Argument(help: "Files.", completion: .file())
    package var files: [String]

    package init() {}

    package func validate() throws {
        if name != nil && files.count != 1 { throw ValidationError("--name is for one file") }
        if let scheme, RedundancyScheme(text: scheme) == nil { throw ValidationError("\"\(scheme)\" is no scheme such as 4/6/8/10") }
        guard (1...256).contains(periods) else { throw ValidationError("1 to 256 periods") }
        for text in [period, window, grace] where SettingText.duration(text) == nil {
            throw ValidationError("\"\(text)\" is not a duration such as 12h or 1d")
        }
    }

    private func seconds(_ text: String) -> UInt64 {
        UInt64(clamping: SettingText.duration(text)?.components.seconds ?? 0)
    }

    private struct Row: Encodable {
        let node: String, agreement: String, price: String, state: String
        let periods: UInt64
        let refusal: String?
    }

    package func run(in session: DirectSession) async throws {
        var terms = DealTerms()
        (terms.period, terms.periodCount, terms.collateralPeriods) = (seconds(period), periods, collateral)
        (terms.window, terms.grace) = (seconds(window), seconds(grace))
        let asked = terms
        let sources = try files.map { try DirectFile.source($0, name: name ?? URL(filePath: $0).lastPathComponent) }
        let report = try await session.withCustomer(
            adjust: { settings in settings.scheme = scheme.flatMap { RedundancyScheme(text: $0) } }
        ) { customer in try await customer.put(sources, terms: asked) }
        let rows = report.agreements.map {
            Row(
                node: $0.node.description, agreement: $0.id.text, price: $0.terms.price.description,
                state: "\($0.state)", periods: $0.terms.periodCount, refusal: $0.refusal)
        }
        var table = TextTable([.init("FARMER"), .init("A PERIOD", .right), .init("PERIODS", .right), .init("AGREEMENT")])
        for row in rows { table.add([row.node, row.price, "\(row.periods)", row.refusal ?? row.state]) }
        try session.print(rows) {
            report.objects.map { "\($0.name): \(SizeText.human($0.size)) stored" } + table.lines
        }
        guard rows.allSatisfy({ $0.state == "open" || $0.state == "finished" }) else {
            throw CommandFailure(
                .partial, "not every farmer has agreed", advice: "storj direct heartbeat asks again those that did not answer")
        }
    }
}

/// A file to store.
enum DirectFile {
    /// Reads a file in parts, each on a thread that may wait.
    static func source(_ path: String, name: String) throws -> DirectSource {
        let handle: FileHandle
        let size: UInt64
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path))
            size = try handle.seekToEnd()
        } catch {
            throw CommandFailure(.notFound, "\(path) cannot be read: \(error.localizedDescription)")
        }
        let queue = DispatchQueue(label: "file")
        return DirectSource(name: name, size: Int64(clamping: size)) { range in
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(
                        with: Result {
                            try handle.seek(toOffset: UInt64(range.lowerBound))
                            return Array(try handle.read(upToCount: range.count) ?? Data())
                        })
                }
            }
        }
    }
}
