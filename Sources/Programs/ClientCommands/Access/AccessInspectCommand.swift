package import ArgumentParser

/// `storj access inspect`.
package struct AccessInspectCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a grant allows, without its secrets.",
        discussion: """
            Nothing is asked of the satellite, which may know more: a revocation, for instance.

            Examples:
              storj access inspect
              storj access inspect photos
              storj access inspect - < grant.txt
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(
        help: "A saved name, a grant, or - for standard input; the grant in use when left out.",
        completion: .custom(AccessCompletion.names))
    package var grant: String?

    package init() {}

    package func run(in session: CommandSession) async throws {
        let access = try session.access(named: grant)
        let text = AccessText(access)
        if session.isJSON {
            try session.output.json(text)
        } else {
            try text.lines(show: session.show).forEach(session.output.line)
        }
    }
}
