import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite audits show`.
package struct ShowAuditsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the queue, outcomes since the start, and the newest audits.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite audits show"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let audits: AuditsAnswer = try await session.client.get("audits")
        try session.print(json: audits) { AuditsText.lines(audits, session) }
    }
}

/// `storj satellite audits forgive`.
package struct ForgiveCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "forgive",
        abstract: "Let missing pieces of older segments count against nobody for a while, after restoring a backup.",
        discussion: """
            A satellite restored from a backup asks for pieces that were deleted after it was made. Nodes that threw them
            away did what they were told. The satellite often notices by itself; this tells it.

            Example:
              storj satellite audits forgive --before 2026-11-22T08:00:00Z --dir sat
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite audits forgive"

    @OptionGroup package var options: OperatorOptions

    @Option(help: ArgumentHelp("When the backup was put back: a time, now, or -2h.", valueName: "time"))
    var before: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let time = try TimeText.parse(
            before, now: session.environment.now(), timeZone: session.environment.timeZone)
        guard let time else { throw ValidationError("--before needs a time") }
        let audits: AuditsAnswer = try await session.client.post("audits/forgive", body: ForgiveRequest(before: time))
        try session.print(json: audits) { ["forgiven until \(session.show(audits.forgivesUntil))"] }
    }
}

/// Audits in words.
enum AuditsText {
    static func lines(_ audits: AuditsAnswer, _ session: OperatorSession) -> [String] {
        var facts = [
            (name: "waiting", value: Wording.count(audits.queueLength, "segment")),
            (name: "nodes owe", value: Wording.count(audits.reverificationCount, "whole piece")),
            (name: "contained", value: Wording.count(audits.containedNodeCount, "node")),
            (name: "nodes audited", value: Self.counts(audits.outcomes)),
            (name: "segments audited", value: Self.counts(audits.conclusions)),
            (name: "pieces checked", value: Wording.number(audits.reverifications)),
        ]
        if let choice = audits.lastChoice {
            facts.append(
                (
                    name: "last choice",
                    value: "\(session.show(choice.passStart)): \(Wording.count(choice.segmentCount, "segment")) of "
                        + Wording.count(choice.nodeCount, "node")
                ))
        }
        if let end = audits.forgivesUntil { facts.append((name: "forgiving until", value: session.show(end))) }
        var lines = FactList.lines(facts)
        guard !audits.recent.isEmpty else { return lines }
        var table = TextTable([.init("TIME"), .init("SEGMENT"), .init("CONCLUSION"), .init("NODES"), .init("")])
        for audit in audits.recent.prefix(20) {
            table.add([
                session.show(audit.time), audit.segment, audit.conclusion, counts(audit.outcomes),
                audit.isDisguised ? "disguised" : "",
            ])
        }
        lines += [""] + table.lines
        return lines
    }

    /// `12 success, 1 offline`, the most frequent first.
    static func counts(_ counts: [String: Int]) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.isEmpty ? "none" : sorted.map { "\(Wording.number($0.value)) \($0.key)" }.joined(separator: ", ")
    }
}
