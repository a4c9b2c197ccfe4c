import ArgumentParser
import Foundation
import GatewayCommands
import Installation
import LocalNetwork
import Logging

/// `storj gateway`.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Speak S3 to tools, and let customers in.",
        discussion: """
            A gateway may serve one customer or many. Each registers an access grant and gets an access key id and a
            secret for it. Both are sealed under the access key id, which the gateway does not keep: its database alone
            opens nothing.

            Examples:
              storj gateway run --dir gateway --access GRANT
              storj gateway register --dir gateway --access main
              storj gateway list --dir gateway
            """,
        groupedSubcommands: [
            CommandGroup(name: "Serving", subcommands: [Run.self, Settings.self]),
            CommandGroup(name: "Customers", subcommands: CredentialCommands.all),
        ])

    /// `storj gateway run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a gateway until SIGINT or SIGTERM.",
            discussion: """
                With --access it serves that grant: the first start registers it and prints access key id and secret, later
                starts print the same. It runs best on your own machine: your keys stay there.

                Examples:
                  storj gateway run --dir gateway --access GRANT
                  storj gateway run --dir gateway --set address=0.0.0.0:443 \\
                      --set tls.certificate=chain.pem --set tls.key=key.pem --set domains=s3.example.org
                  storj gateway run --dir gateway --set links.address=127.0.0.1:7080
                """)

        @OptionGroup var folder: FolderOptions

        @Option(help: "An access grant to serve.")
        var access: String?

        @Flag(help: "Also stop at the end of standard input, which a parent keeps open.")
        var exitWithParent = false

        func run() async throws {
            try await ServerRun.report {
                let gateway = GatewayFolder(folder.url)
                let flags = try folder.flags()
                let values = try gateway.values(flags: flags)
                let logger = try Logger.program("storj.gateway", level: values.text("log_level"))
                if let access {
                    let keys = try await gateway.register(access, name: nil)
                    print(
                        """
                        endpoint           \(values.text("tls.certificate").isEmpty ? "http" : "https")://\(values.text("address"))
                        access key id      \(keys.accessKeyID)
                        secret access key  \(keys.secretAccessKey)
                        """)
                    fflush(nil)
                }
                let program = try GatewayProgram(folder: gateway, flags: flags, logger: logger)
                try await ServerRun.run([program], endsWithParent: exitWithParent, logger: logger)
            }
        }
    }

    /// `storj gateway settings`.
    struct Settings: SettingsPage {
        @OptionGroup var folder: FolderOptions

        func values(flags: [String: String]) throws -> SettingsValues {
            try GatewayFolder(folder.url).values(flags: flags)
        }
    }
}
