import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// Buckets and objects in the browser. The page's script opens the project with a passphrase that stays there, and
/// speaks S3 with the gateway; the satellite serves an empty frame.
struct FilesPages: Sendable {
    let desk: ConsoleDesk

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects/:id/files") { _, context in
            let membership = try await desk.membership(context, atLeast: .member)
            guard !desk.settings.gateway.isEmpty else { throw WebError.notFound }
            let address = membership.project.address
            return try context.page(
                "console-files", title: "Files", shell: desk.shell(context, in: membership),
                model: FilesPage(
                    head: PageHead("Files", lede: "Buckets and what is in them, of the passphrase that you open them with."),
                    keys: "/projects/\(address)/keys.json", project: address, gateway: desk.settings.gateway,
                    links: desk.settings.links),
                scripts: ["files.js"], styles: ["console.css"])
        }
    }
}

private struct FilesPage: Sendable {
    let head: PageHead
    /// Where the script gets an API key.
    let keys: String
    let project: String
    let gateway: String
    /// The service of shared links; empty for none.
    let links: String
}
