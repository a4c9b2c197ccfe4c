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
              storj up --dir network --chain dev
              storj up --dir network --nodes 12 --redundancy 4/6/10/12 --processes
              storj up --dir network --nodes 110 --redundancy 29/35/80/110 --subnets 110 \\
                  --set satellite.node.online_window=30s --set node.check_in_interval=10s
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

    @Option(
        help: """
            Spread the nodes over this many /24 networks (127.1.0.1, 127.1.1.1, …), each of which gets at most one piece \
            of a segment; 0 for one network without that rule. Linux only. First start only.
            """)
    var subnets = 0

    @Option(
        help: """
            Where money is settled: embedded (a ledger the satellite keeps), dev (an Ethereum chain on this machine; run \
            scripts/install-dev-chain before) or none. First start only.
            """)
    var chain = NetworkLedger.embedded

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Choose a setting of the satellite or of every node, for instance --set satellite.log_level=debug. First start only.",
            valueName: "program.key=value"))
    var overrides: [String] = []

    func validate() throws {
        guard let scheme = RedundancyScheme(text: redundancy) else {
            throw ValidationError("--redundancy wants k/m/o/n with 1 ≤ k ≤ m ≤ o ≤ n ≤ 256, not \"\(redundancy)\"")
        }
        guard nodes >= scheme.totalShares else {
            throw ValidationError("\(nodes) nodes cannot hold \(scheme.totalShares) pieces of a segment")
        }
        guard (0...65535).contains(port) else { throw ValidationError("--port lies in 0…65535") }
        guard subnets == 0 || (scheme.totalShares...Self.maximumSubnets).contains(subnets) else {
            throw ValidationError("--subnets lies in \(scheme.totalShares)…\(Self.maximumSubnets), or is 0")
        }
        _ = try (settings(of: "satellite"), settings(of: "node"), settings(of: "gateway"))
    }

    func run() async throws {
        try await ServerRun.report {
            guard let scheme = RedundancyScheme(text: redundancy) else { return }
            let logger = try Logger.program("storj.up", level: "notice")
            let network = LocalNetwork(
                options: NetworkOptions(
                    folder: URL(filePath: folder, directoryHint: .isDirectory).absoluteURL, nodeCount: nodes, redundancy: scheme,
                    usesProcesses: processes, executable: try Self.executable(), satellitePort: port,
                    subnetCount: subnets, ledger: chain, satelliteSettings: try settings(of: "satellite"),
                    nodeSettings: try settings(of: "node"), gatewaySettings: try settings(of: "gateway")),
                logger: logger)
            let access = try await network.setUp()
            let stopChain = try await network.startChain()
            let services = try network.services(access: access) { Self.announce($0, folder: folder) }
            do { try await ServerRun.run(services, endsWithParent: false, logger: logger) } catch {
                await stopChain?()
                throw error
            }
            await stopChain?()
        }
    }

    /// One machine has 127.1.0.1 to 127.254.255.1.
    private static let maximumSubnets = 254 * 256

    /// What was chosen for one of the programs, by its own keys.
    private func settings(of program: String) throws -> [String: String] {
        var settings: [String: String] = [:]
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let names = parts[0].split(separator: ".", maxSplits: 1)
            guard parts.count == 2, names.count == 2, ["satellite", "node", "gateway"].contains(names[0]) else {
                throw ValidationError("--set wants satellite.key=value, node.key=value or gateway.key=value, not \"\(override)\"")
            }
            if names[0] == program { settings[String(names[1])] = String(parts[1]) }
        }
        return settings
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

            In a browser:
              console        \(network.console.endpoint)
                             \(network.console.email), password \(network.console.password)
              StorjShare     \(network.nodes.first?.dashboard ?? "")  (the first node's; the others' are in network.json)

            With rclone:
              rclone config create mine storj provider=existing access_grant=\(network.accessGrant)
              rclone mkdir mine:photos
              rclone copy --progress ~/Pictures mine:photos

            With S3 tools:
              export AWS_ENDPOINT_URL=\(network.s3.endpoint) AWS_DEFAULT_REGION=us-east-1
              export AWS_ACCESS_KEY_ID=\(network.s3.accessKeyID)
              export AWS_SECRET_ACCESS_KEY=\(network.s3.secretAccessKey)
              aws s3 mb s3://photos && aws s3 sync ~/Pictures s3://photos

            Everything is in \(folder)/network.json. Ctrl-C stops the network; the next start continues with the same data.
            """)
        fflush(nil)
    }
}

extension NetworkLedger: ExpressibleByArgument {}
