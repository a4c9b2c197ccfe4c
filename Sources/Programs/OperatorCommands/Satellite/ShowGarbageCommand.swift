import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite garbage show`.
package struct ShowGarbageCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how the last collection of garbage went.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite garbage show"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let garbage: GarbageAnswer = try await session.client.get("garbage")
        try session.print(json: garbage) { GarbageText.lines(garbage, session) }
    }
}

/// Collections of garbage in words.
enum GarbageText {
    static func lines(_ garbage: GarbageAnswer, _ session: OperatorSession) -> [String] {
        var facts: [(name: String, value: String)] = []
        if let end = garbage.heldUntil {
            facts.append((name: "held back", value: "until \(session.show(end)): no node throws anything away"))
        }
        guard let count = garbage.segmentCount else {
            return FactList.lines(facts) + ["no collection since the satellite started"]
        }
        facts += [
            (name: "segments", value: Wording.number(count)),
            (name: "judges pieces until", value: session.show(garbage.created)),
            (name: "nodes told", value: "\(garbage.sentCount)"),
            (name: "nodes not told", value: "\(garbage.refusals.count)"),
            (name: "filters", value: SizeText.human(Int64(garbage.filterBytes))),
        ]
        return FactList.lines(facts) + refusals(garbage.refusals)
    }

    static func refusals(_ refusals: [GarbageAnswer.Refusal]) -> [String] {
        refusals.map { "  \($0.node.printable): \($0.reason.printable)" }
    }
}
