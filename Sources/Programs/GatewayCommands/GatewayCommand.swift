package import ArgumentParser

/// `storj gateway`.
package struct GatewayCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Speak S3 to tools, and let customers in.",
        discussion: """
            A gateway may serve one customer or many. Each registers an access grant and gets an access key id and a
            secret for it. Both are sealed under the access key id, which the gateway does not keep: its database alone
            opens nothing.

            Examples:
              storj gateway register --access main
              storj gateway register --public --expires +7d
              storj gateway list
            """,
        subcommands: [GatewayRegisterCommand.self, GatewayRevokeCommand.self, GatewayListCommand.self])

    package init() {}
}
