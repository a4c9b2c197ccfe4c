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

            Examples:
              storj share sj://photos/2026/
              storj share sj://photos/2026/ --not-after +7d --export-to grant.txt
              storj share sj://inbox --writeonly --max-object-ttl 30d
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup(title: "What it allows") package var permissions: PermissionOptions
    @OptionGroup(title: "What becomes of it") package var delivery: GrantDelivery

    @Argument(
        help: "The places to share: sj://bucket, sj://bucket/prefix/ or sj://bucket/key.", transform: RemotePath.parse)
    package var places: [RemotePath]

    package init() {}

    package func validate() throws {
        try places.forEach { try $0.requireBucket() }
    }

    package func run(in session: CommandSession) async throws {
        let access = try session.restricted(permissions, to: places)
        try delivery.deliver(access, in: session)
        let text = AccessText(access)
        if session.isJSON {
            try session.output.json(SharedAccess(access: access.text, name: delivery.name, grants: text))
        } else {
            try text.lines(show: session.show).forEach(session.output.line)
            try session.output.line()
            try session.output.line(access.text)
        }
    }
}

/// A shared grant and what it allows, as JSON.
private struct SharedAccess: Encodable {
    let access: String
    let name: String?
    let grants: AccessText
}
