import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite garbage`.
package struct GarbageCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "garbage", abstract: "Show how the last collection of garbage went.",
        discussion: """
            A collection tells every node which pieces to keep; nodes put the others into their trash.

            Examples:
              storj satellite garbage --dir sat
              storj satellite chores trigger garbage-collection --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let garbage: GarbageAnswer = try await session.client.get("garbage")
        try session.print(json: garbage) {
            guard let count = garbage.segmentCount else { return ["no collection since the satellite started"] }
            var lines = FactList.lines([
                (name: "segments", value: Wording.number(count)),
                (name: "judges pieces until", value: session.show(garbage.created)),
                (name: "nodes told", value: "\(garbage.sentCount)"),
                (name: "nodes not told", value: "\(garbage.refusals.count)"),
            ])
            lines += garbage.refusals.map { "  \($0.node.printable): \($0.reason.printable)" }
            return lines
        }
    }
}
