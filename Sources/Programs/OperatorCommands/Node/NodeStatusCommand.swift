package import ArgumentParser
import ClientCommands
import Foundation
import NodeAPI

/// `storj node status`.
package struct NodeStatusCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how a running node is: space, satellites, scrub, lost pieces, exits.",
        discussion: """
            Examples:
              storj node status --dir node
              storj node status --dir node --json | jq .free_bytes
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let status: NodeStatusAnswer = try await session.client.get("status")
        try session.print(json: status) { NodeText.status(status, session) }
    }
}

/// `storj node drain`.
package struct DrainCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Take no new pieces until undrain; serve what is stored.",
        discussion: """
            For work on the disk or before a move: uploads are refused, satellites are told of no free space, downloads
            and audits go on. It stays so over restarts. Repeating it changes nothing.

            Example:
              storj node drain --dir node
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let status: NodeStatusAnswer = try await session.client.post("drain")
        try session.print(json: status) {
            ["the node takes no new pieces since \(session.show(status.drainedSince)); storj node undrain ends this"]
        }
    }
}

/// `storj node undrain`.
package struct UndrainCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "undrain", abstract: "Take new pieces again.",
        discussion: """
            Example:
              storj node undrain --dir node
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let status: NodeStatusAnswer = try await session.client.post("undrain")
        try session.print(json: status) { ["the node takes new pieces; \(SizeText.human(status.freeBytes)) are free"] }
    }
}
