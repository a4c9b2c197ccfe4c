import ArgumentParser
import ClientCommands
import Foundation
import Heartbeats
import StorageModel

/// `storj verify heartbeat`.
struct VerifyHeartbeatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heartbeat", abstract: "Recompute a satellite's verdicts on its nodes from the published evidence.",
        discussion: """
            Gets a period's report and the evidence behind it from a satellite, or reads them from files, and checks all
            of it: the satellite's signature, that the beacon follows from the secret announced beforehand and from what
            the nodes signed, that the samples follow from the beacon, and every chunk with its way to the hash that its
            uploader signed. A node whose verdict is "failed" is no error here: an error is a report that says other
            things than its evidence.

            Files: the report as it was published, and a folder with one file NODE-ID.evidence a node; --save makes both.

            Exit codes: 0 everything holds, 1 something does not, 3 no such report, 5 the satellite does not answer,
            7 nothing is wrong, but evidence is missing, 64 wrong command line.

            Examples:
              storj verify heartbeat 12Qv…@satellite.example:7777
              storj verify heartbeat 12Qv…@satellite.example:7777 --period 1767225600 --save evidence
              storj verify heartbeat --report evidence/report --evidence evidence --satellite 12Qv…
            """)

    @Argument(help: "The satellite, ID@HOST:PORT; left out when --report is given.")
    var satelliteURL: String?

    @Option(help: "The period's number; the newest published one when left out.")
    var period: UInt64?

    @Option(name: .customLong("node"), help: "Look at this node only; may be repeated.")
    var nodes: [String] = []

    @Option(name: .customLong("report"), help: "Read the report from this file.", completion: .file())
    var reportFile: String?

    @Option(name: .customLong("evidence"), help: "Read evidence from this folder.", completion: .directory)
    var evidenceFolder: String?

    @Option(name: .customLong("satellite"), help: "The id the report must be signed by, with --report.")
    var satelliteID: String?

    @Option(name: .customLong("save"), help: "Keep what was fetched in this folder.", completion: .directory)
    var saveFolder: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (satelliteURL == nil) != (reportFile == nil) else {
            throw ValidationError("give a satellite, or --report and --evidence")
        }
        guard reportFile == nil || (saveFolder == nil && period == nil) else {
            throw ValidationError("--save and --period go with a satellite")
        }
        guard satelliteURL == nil || (evidenceFolder == nil && satelliteID == nil) else {
            throw ValidationError("--evidence and --satellite go with --report")
        }
        _ = try parsedNodes()
        _ = try satelliteID.map { try Self.parse($0) }
    }

    private static func parse(_ text: String) throws -> NodeID {
        do { return try NodeID(text: text) } catch { throw ValidationError("\(text): \(error)") }
    }

    private func parsedNodes() throws -> Set<NodeID>? {
        nodes.isEmpty ? nil : Set(try nodes.map { try Self.parse($0) })
    }

    func run() async throws {
        let output = HeartbeatCheckOutput(isJSON: json)
        do {
            let check = try await check()
            try output.print(check)
            guard check.isSound else {
                let isOnlyMissing = check.objections.isEmpty && check.lines.allSatisfy { $0.isSound || $0.isUnchecked }
                throw ExitCode((isOnlyMissing ? ExitStatus.partial : .failure).rawValue)
            }
        } catch let failure as CommandFailure {
            output.fail(failure)
            throw ExitCode(failure.status.rawValue)
        } catch let error as HeartbeatError {
            output.fail(CommandFailure(.failure, "this is no report of heartbeats: \(error)"))
            throw ExitCode(ExitStatus.failure.rawValue)
        }
    }

    private func check() async throws -> HeartbeatCheck {
        let nodes = try parsedNodes()
        if let reportFile {
            let evidence = evidenceFolder.map { URL(filePath: $0, directoryHint: .isDirectory) }
            return try await HeartbeatCheck.check(
                try Self.read(URL(filePath: reportFile)), satellite: try satelliteID.map { try Self.parse($0) },
                nodes: nodes
            ) { node in
                guard let file = evidence?.appending(path: HeartbeatSource.name(node)),
                    FileManager.default.fileExists(atPath: file.path)
                else { return nil }
                return try Self.read(file)
            }
        }
        return try await HeartbeatSource.with(satelliteURL ?? "", save: saveFolder) { source in
            let report = try await source.report(period)
            return try await HeartbeatCheck.check(report, satellite: source.satellite, nodes: nodes) { node in
                try await source.evidence(of: node, report)
            }
        }
    }

    private static func read(_ file: URL) throws -> [UInt8] {
        do { return Array(try Data(contentsOf: file)) } catch {
            throw CommandFailure(.notFound, "cannot read \(file.path): \(error.localizedDescription)")
        }
    }
}
