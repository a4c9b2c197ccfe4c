import AdminAPI
package import ArgumentParser
import ClientCommands
import Contracts

/// `storj satellite channels`.
package struct ChannelsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "channels", abstract: "List channels: what is locked, promised and claimed.",
        discussion: """
            Example:
              storj satellite channels --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: ChannelsAnswer = try await session.client.get("market/channels")
        try session.print(json: answer) {
            var table = TextTable([
                .init("NODE"), .init("STATE"), .init("LOCKED", .right), .init("PROMISED", .right), .init("CLAIMED", .right),
                .init("CHANNEL"), .init("LAST ERROR"),
            ])
            for channel in answer.channels {
                table.add([
                    channel.node, channel.state, "\(TokenAmount(channel.fundedUnits))",
                    "\(TokenAmount(channel.promisedUnits))", "\(TokenAmount(channel.claimedUnits))", channel.id,
                    channel.lastError ?? "",
                ])
            }
            return table.lines
        }
    }
}
