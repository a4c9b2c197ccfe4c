package import ArgumentParser
import ClientCommands

/// `storj satellite metrics`.
package struct MetricsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print the figures for monitoring, as Prometheus reads them.",
        discussion: """
            The satellite serves the same at /metrics of its administration address, with its bearer token.

            Example:
              storj satellite metrics --dir sat > /var/lib/node_exporter/storj.prom
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        try session.output.write(Array(try await session.client.text("metrics").utf8))
    }
}
