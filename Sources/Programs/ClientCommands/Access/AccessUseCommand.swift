package import ArgumentParser

/// `storj access use`.
package struct AccessUseCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Choose the saved grant that is used when none is named.",
        discussion: """
            Example:
              storj access use photos
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
        try session.store.update { content in
            try content.requireSaved(name)
            content.default = name.description
        }
        if session.isJSON {
            try session.output.json(SavedAccess(name: name.description, isDefault: true, satellite: nil))
        } else {
            try session.output.line("\(name) is the default.")
        }
    }
}

extension AccessStore.Content {
    /// The saved grant of a name.
    ///
    /// - Throws: `CommandFailure` that lists the names there are.
    @discardableResult
    func requireSaved(_ name: AccessName) throws -> String {
        guard let grant = accesses[name.description] else {
            throw CommandFailure(
                .notFound, "there is no saved grant \"\(name)\"",
                advice: accesses.isEmpty ? "" : "Saved grants: \(accesses.keys.sorted().joined(separator: ", "))")
        }
        return grant
    }
}
