package import ArgumentParser

/// `storj access remove`.
package struct AccessRemoveCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a saved grant.",
        discussion: """
            The grant itself keeps working for whoever has it; storj access revoke ends that.

            Example:
              storj access remove photos
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The name.", completion: .custom(AccessCompletion.names))
    package var name: String

    package init() {}

    package func validate() throws {
        _ = try AccessName.parse(name)
    }

    package func run(in session: CommandSession) async throws {
        let name = try AccessName.parse(name)
        let wasDefault = try session.store.update { content in
            try content.requireSaved(name)
            content.accesses[name.description] = nil
            guard content.default == name.description else { return false }
            content.default = nil
            return true
        }
        if session.isJSON {
            try session.output.json(RemovedAccess(name: name.description, removed: true))
        } else {
            try session.output.line("Removed \(name)\(wasDefault ? "; there is no default now" : "").")
        }
    }
}

/// A grant that was forgotten, as JSON.
private struct RemovedAccess: Encodable {
    let name: String
    let removed: Bool
}
