package import ArgumentParser
import Uplink

/// `storj access restrict`.
package struct AccessRestrictCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "restrict", abstract: "Make a grant that can do less.",
        discussion: """
            The new grant is the last line printed. It works at once; the satellite is not asked.

            Examples:
              storj access restrict --prefix sj://photos/2026/ --not-after +30d
              storj access restrict --full --prefix sj://backup --save backup
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup(title: "What it allows") package var permissions: PermissionOptions
    @OptionGroup(title: "What becomes of it") package var delivery: GrantDelivery

    @Option(
        name: .customLong("prefix"), parsing: .singleValue,
        help: ArgumentHelp(
            "A place it reaches, may be repeated; everything when left out.", valueName: "sj://bucket/prefix"),
        transform: RemotePath.parse)
    package var prefixes: [RemotePath] = []

    package init() {}

    package func validate() throws {
        try prefixes.forEach { try $0.requireBucket() }
    }

    package func run(in session: CommandSession) async throws {
        let access = try session.restricted(permissions, to: prefixes)
        try delivery.deliver(access, in: session)
        if session.isJSON {
            try session.output.json(NewAccess(access: access.text, name: delivery.name))
        } else {
            try session.output.line(access.text)
        }
    }
}

extension CommandSession {
    /// The grant in use, restricted.
    ///
    /// - Throws: `ValidationError`, `CommandFailure` or `UplinkError`.
    func restricted(_ options: PermissionOptions, to prefixes: [RemotePath]) throws -> Access {
        let permission = try options.permission(now: environment.now(), timeZone: environment.timeZone)
        let access = try access().shared(
            permission, prefixes: prefixes.map { SharePrefix(bucket: $0.bucket, prefix: $0.key) })
        if let end = permission.notAfter, end <= environment.now() {
            messages.note("storj: note: this grant has ended already, at \(show(end))")
        }
        return access
    }

    /// A grant by name, as text, from standard input for `-`, or the one in use for nil.
    ///
    /// - Throws: `CommandFailure` when there is none.
    func access(named text: String?) throws -> Access {
        guard let text else { return try access() }
        guard text == "-" else { return try store.resolve(text) }
        return try AccessStore.parse(try environment.readLine() ?? "", what: "the text on standard input")
    }
}
