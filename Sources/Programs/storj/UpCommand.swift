import ArgumentParser
import Foundation
import LocalNetwork
import Logging
import ServiceLifecycle
import StorageModel

/// `storj up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a satellite and storage nodes on this machine.",
        discussion: """
            The first start makes identities, ports, a project and an access grant; later starts continue with them.
            DIR/network.json says how to use the network, as soon as it is ready. Ctrl-C stops it.

            Examples:
              storj up --dir network
              storj up --dir network --nodes 12 --redundancy 4/6/10/12 --processes
            """)

    @Option(name: .customLong("dir"), help: "Where everything is kept.", completion: .directory)
    var folder = "network"

    @Option(help: "How many storage nodes.")
    var nodes = 10

    @Option(help: "Pieces required/repair/optimal/total; total may not exceed the number of nodes. First start only.")
    var redundancy = "4/6/8/10"

    @Flag(help: "Run the satellite and every node in a process of its own.")
    var processes = false

    @Option(help: "The satellite's port; 0 chooses a free one. First start only.")
    var port = 0

    func validate() throws {
        guard let scheme = RedundancyScheme(text: redundancy) else {
            throw ValidationError("--redundancy wants k/m/o/n with 1 ≤ k ≤ m ≤ o ≤ n ≤ 256, not \"\(redundancy)\"")
        }
        guard nodes >= scheme.totalShares else {
            throw ValidationError("\(nodes) nodes cannot hold \(scheme.totalShares) pieces of a segment")
        }
        guard (0...65535).contains(port) else { throw ValidationError("--port lies in 0…65535") }
    }

    func run() async throws {
        try await ServerRun.report {
            guard let scheme = RedundancyScheme(text: redundancy) else { return }
            let logger = try Logger.program("storj.up", level: "notice")
            let network = LocalNetwork(
                options: NetworkOptions(
                    folder: URL(filePath: folder, directoryHint: .isDirectory).absoluteURL, nodeCount: nodes, redundancy: scheme,
                    usesProcesses: processes, executable: try Self.executable(), satellitePort: port),
                logger: logger)
            let access = try await network.setUp()
            let services = try network.services(access: access) { Self.announce($0, folder: folder) }
            try await ServerRun.run(services, endsWithParent: false, logger: logger)
        }
    }

    private static func executable() throws -> URL {
        // The kernel's link is right even when the program was found through PATH.
        URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }

    private static func announce(_ network: NetworkFile, folder: String) {
        print(
            """

            The network is up: a satellite and \(network.nodes.count) storage nodes.

              satellite      \(network.satellite.nodeURL)
              administration \(network.satellite.admin)
              API key        \(network.apiKey)
              passphrase     \(network.passphrase)
              access grant   \(network.accessGrant)

            With rclone:
              rclone config create mine storj provider=existing access_grant=\(network.accessGrant)
              rclone mkdir mine:photos
              rclone copy --progress ~/Pictures mine:photos

            Everything is in \(folder)/network.json. Ctrl-C stops the network; the next start continues with the same data.
            """)
        fflush(nil)
    }
}
