package import ArgumentParser
import Foundation
import Uplink

/// `storj share`.
package struct ShareCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Make a grant for someone else: a few places, a few permissions, until a day.",
        discussion: """
            Whoever gets the grant, the last line printed, can read and list the places named, unless flags say otherwise.
            It works at once and with every tool of the network; storj access revoke ends it.

            With --url the last line is a link for browsers instead. The grant is in it: whoever sees the link can read
            what it leads to, and so can the service that serves it while it does.

            Examples:
              storj share sj://photos/2026/
              storj share sj://photos/2026/ --not-after +7d --export-to grant.txt
              storj share sj://inbox --writeonly --max-object-ttl 30d
              storj share --url sj://photos/2026/beach.jpg --not-after +7d
              storj share --url --raw --base-url https://links.example.com sj://site/
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup(title: "What it allows") package var permissions: PermissionOptions
    @OptionGroup(title: "What becomes of it") package var delivery: GrantDelivery

    @Flag(help: "Print a link for browsers.")
    package var url = false

    @Flag(help: "Let the link give the content as it is, without a page around it.")
    package var raw = false

    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp("The service that serves the link. Also STORJ_LINK_URL.", valueName: "url"))
    package var baseURL: String?

    @Argument(
        help: "The places to share: sj://bucket, sj://bucket/prefix/ or sj://bucket/key.", transform: RemotePath.parse)
    package var places: [RemotePath]

    package init() {}

    package var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["link_url"] = baseURL
        return flags
    }

    package func validate() throws {
        try places.forEach { try $0.requireBucket() }
        guard url else {
            if raw { throw ValidationError("--raw needs --url") }
            return
        }
        guard places.count == 1 else { throw ValidationError("a link leads to one place: give one with --url") }
        guard permissions.rights.contains(.reads) || permissions.rights.contains(.lists) else {
            throw ValidationError("nobody can open a link that neither reads nor lists")
        }
    }

    package func run(in session: CommandSession) async throws {
        let access = try session.restricted(permissions, to: places)
        try delivery.deliver(access, in: session)
        let text = AccessText(access)
        let link = url ? LinkAddress(base: session.settings.linkURL, access: access.text, isRaw: raw) : nil
        let address = places.first.flatMap { link?.url(to: $0) }
        if session.isJSON {
            try session.output.json(
                SharedAccess(access: access.text, name: delivery.name, url: address, grants: text))
        } else {
            try text.lines(show: session.show).forEach(session.output.line)
            try session.output.line()
            try session.output.line(address ?? access.text)
        }
    }
}

/// A shared grant and what it allows, as JSON.
private struct SharedAccess: Encodable {
    let access: String
    let name: String?
    let url: String?
    let grants: AccessText
}
