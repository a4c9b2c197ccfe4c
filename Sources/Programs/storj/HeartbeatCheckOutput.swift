import ClientCommands
import Foundation
import Heartbeats
import StorageModel

/// Says what a check of heartbeats found, to people or to programs.
struct HeartbeatCheckOutput {
    private struct Answer: Encodable {
        struct Node: Encodable {
            let node: String
            let verdict: String
            let recomputed: String?
            let samples: Int
            let signedByUploader: Int
            let signedByRepair: Int
            let fromRecords: Int
            let provenBytes: UInt64
            let unprovableBytes: UInt64
            let signedCommitment: Bool
            let status: String
            let problems: [String]
        }

        let sound: Bool
        let satellite: String
        let period: UInt64
        let start: Date
        let end: Date
        let beacon: String?
        let root: String
        let problems: [String]
        let nodes: [Node]
        let uncoveredNodes: Int
    }

    let isJSON: Bool

    /// Prints the findings.
    func print(_ check: HeartbeatCheck) throws {
        let output = CommandOutput.standardOutput
        if isJSON { try output.json(answer(check)) } else { try lines(check, output) }
        try output.flush()
    }

    private func lines(_ check: HeartbeatCheck, _ output: CommandOutput) throws {
        let report = check.report
        try output.line("satellite  \(report.period.satellite)")
        try output.line("period     \(report.period.number), \(Self.date(report.period.start)) to \(Self.date(report.period.end))")
        try output.line("beacon     \(report.beacon.map { Hexadecimal.encode($0.bytes) } ?? "none: the satellite made the period void")")
        try output.line("root       \(Hexadecimal.encode(report.root.bytes))")
        try output.line(check.objections.isEmpty ? "report     genuine" : "report     NOT GENUINE")
        for objection in check.objections { try output.line("           \(objection)") }
        try output.line()
        for line in check.lines {
            try output.line("\(line.result.node)  \(line.result.verdict.text)  \(Self.status(line))")
            for problem in Self.problems(line) { try output.line("  \(problem)") }
            if let words = Self.words(line) { try output.line("  \(words)") }
        }
        if !report.uncovered.isEmpty {
            try output.line("\(report.uncovered.count) nodes cannot be asked this way; stripe audits cover them")
        }
        let sound = check.lines.count { $0.isSound }
        try output.line("\(sound) of \(check.lines.count) verdicts hold")
    }

    /// Tells of a failure on standard error, or as JSON.
    func fail(_ failure: CommandFailure) {
        if isJSON {
            struct Failure: Encodable {
                let sound = false
                let error: String
            }
            // Whoever reads no output does not read of its failure either.
            try? CommandOutput.standardOutput.json(Failure(error: failure.message))
            try? CommandOutput.standardOutput.flush()
        } else {
            CommandOutput.standardError.note("storj: \(failure)")
        }
    }

    private func answer(_ check: HeartbeatCheck) -> Answer {
        let report = check.report
        return Answer(
            sound: check.isSound, satellite: "\(report.period.satellite)", period: report.period.number,
            start: Self.time(report.period.start), end: Self.time(report.period.end),
            beacon: report.beacon.map { Hexadecimal.encode($0.bytes) }, root: Hexadecimal.encode(report.root.bytes),
            problems: check.objections.map(\.description), nodes: check.lines.map(Self.node),
            uncoveredNodes: report.uncovered.count)
    }

    private static func node(_ line: HeartbeatCheck.Line) -> Answer.Node {
        let result = line.result
        return Answer.Node(
            node: "\(result.node)", verdict: result.verdict.name, recomputed: line.finding?.verdict.name,
            samples: Int(result.sampleCount), signedByUploader: line.finding?.count(of: .uploader) ?? 0,
            signedByRepair: line.finding?.count(of: .repair) ?? 0, fromRecords: line.finding?.count(of: .recorded) ?? 0,
            provenBytes: result.holding.byteCount, unprovableBytes: result.holding.unprovableByteCount,
            signedCommitment: !result.commitmentSignature.isEmpty, status: status(line), problems: problems(line))
    }

    private static func status(_ line: HeartbeatCheck.Line) -> String {
        if line.isUnchecked { return "evidence missing" }
        if !line.isSound { return "DOES NOT HOLD" }
        return line.finding == nil ? "on the satellite's word" : "recomputed"
    }

    private static func problems(_ line: HeartbeatCheck.Line) -> [String] {
        (line.damage.map { ["the evidence cannot be read: \($0)"] } ?? [])
            + (line.finding?.objections.map(\.description) ?? [])
    }

    private static func words(_ line: HeartbeatCheck.Line) -> String? {
        guard let finding = line.finding else { return nil }
        return """
            \(SizeText.human(Int64(clamping: line.result.holding.byteCount))) committed, \(finding.trust.count) samples: \
            \(finding.count(of: .uploader)) signed by uploaders, \(finding.count(of: .repair)) by repair, \
            \(finding.count(of: .recorded)) from the satellite's records
            """
    }

    private static func time(_ timestamp: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(timestamp.microseconds) / 1e6)
    }

    private static func date(_ timestamp: Timestamp) -> String { TimeText.rfc3339(time(timestamp)) }
}
