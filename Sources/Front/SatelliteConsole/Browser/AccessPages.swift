import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// Where an access grant is made. The page brings an API key into the browser; the passphrase and the keys made of it
/// never leave it.
struct AccessPages: Sendable {
    let desk: ConsoleDesk

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects/:id/access") { _, context in
            let membership = try await desk.membership(context, atLeast: .member)
            return try context.page(
                "console-access", title: "Make an access", shell: desk.shell(context, in: membership),
                model: AccessPage(
                    head: PageHead(
                        "Make an access",
                        lede: "An access grant opens your files to a tool: it holds an API key and a key made of your passphrase. It is made in this browser; we never see either of the two."),
                    keys: "/projects/\(membership.project.address)/keys.json", gateway: desk.settings.gateway,
                    hasGateway: !desk.settings.gateway.isEmpty),
                scripts: ["access.js"], styles: ["console.css"])
        }
    }
}

private struct AccessPage: Sendable {
    let head: PageHead
    /// Where the script gets a new API key.
    let keys: String
    /// What makes S3 credentials of it; empty for none.
    let gateway: String
    let hasGateway: Bool
}
