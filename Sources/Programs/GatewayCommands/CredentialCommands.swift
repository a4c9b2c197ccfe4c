package import ArgumentParser

/// The commands about a gateway's customers.
package enum CredentialCommands {
    /// All of them, in the order in which help lists them.
    package static let all: [any ParsableCommand.Type] = [
        GatewayRegisterCommand.self, GatewayRevokeCommand.self, GatewayListCommand.self,
    ]
}
