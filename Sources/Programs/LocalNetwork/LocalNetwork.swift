import Contracts
import Ethereum
import Foundation
import Installation
package import Logging
package import ServiceLifecycle
import StorageModel

/// A satellite and its storage nodes on one machine: for `storj up` and for tests.
///
/// Everything is made at first start and kept afterwards: identities, ports, the project and its grant.
package struct LocalNetwork: Sendable {
    private let options: NetworkOptions
    private let logger: Logger

    /// A network as `options` say.
    package init(options: NetworkOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Makes what is missing in the folder.
    ///
    /// - Returns: the key to the network's project.
    package func setUp() async throws -> NetworkAccess {
        try FileManager.default.createDirectory(at: options.folder, withIntermediateDirectories: true)
        let satellite = SatelliteFolder(options.satelliteFolder)
        let doors = try WebDoors(options)
        if !satellite.isSetUp {
            if options.ledger != .none { try satellite.makeKeys(difficulty: 8) }
            if options.ledger == .development, try DevelopmentChain.File.read(in: options.folder) == nil {
                try DevelopmentChain.File(port: try FreePort.choose(), chainID: 1337).write(in: options.folder)
            }
            let overrides = try satelliteOverrides(doors).merging(options.satelliteSettings) { _, chosen in chosen }
            _ = try satellite.values(flags: overrides)
            try await satellite.setUp(overrides: overrides, difficulty: 8)
        }
        let url = try satellite.nodeURL(values: try satellite.values())
        for index in 0..<options.nodeCount {
            let node = NodeFolder(options.nodeFolder(index))
            guard !node.isSetUp else { continue }
            let overrides = try nodeOverrides(index, satellite: url).merging(options.nodeSettings) { _, chosen in chosen }
            _ = try node.values(flags: overrides)
            try await node.setUp(overrides: overrides, difficulty: 8)
        }
        try GatewayFolder(options.gatewayFolder).setUp(
            overrides: gatewayOverrides(doors).merging(options.gatewaySettings) { _, chosen in chosen })
        if let access = try NetworkAccess.read(in: options.folder) { return access }
        let project = try await satellite.createProjectKey(project: "local", key: "local network", logger: logger)
        let access = try NetworkAccess.create(in: options.folder, satellite: url, project: project, random: .system)
        try await satellite.setConsolePassword(access.consolePassword, email: NetworkAccess.demoEmail, logger: logger)
        return access
    }

    /// Runs the network until its services are asked to stop.
    ///
    /// - Parameter ready: called once, when the satellite answers and every node has checked in.
    package func services(
        access: NetworkAccess, ready: @escaping @Sendable (NetworkFile) -> Void
    ) throws -> [any Service] {
        let folders = [options.gatewayFolder, options.satelliteFolder] + (0..<options.nodeCount).map(options.nodeFolder)
        for folder in folders { try ReadyFile.remove(in: folder) }
        try? FileManager.default.removeItem(at: NetworkFile.url(in: options.folder))
        let watch = ReadyWatch(options: options, access: access, ready: ready)
        if options.usesProcesses {
            return [NetworkProcesses(options: options, grant: access.accessGrant, logger: logger), watch]
        }
        let satellite = try SatelliteProgram(folder: SatelliteFolder(options.satelliteFolder), logger: logger)
        let nodes = try (0..<options.nodeCount).map { index in
            AfterReady(
                folder: options.satelliteFolder,
                service: try NodeProgram(folder: NodeFolder(options.nodeFolder(index)), logger: logger))
        }
        let gateway = AfterReady(
            folder: options.satelliteFolder,
            service: try GatewayProgram(
                folder: GatewayFolder(options.gatewayFolder), grant: access.accessGrant, logger: logger))
        return [satellite] + nodes + [gateway, watch]
    }

    /// Starts the network's own chain, when it has one, with everything on it; stop it after the network.
    package func startChain() async throws -> (@Sendable () async -> Void)? {
        guard let file = try DevelopmentChain.File.read(in: options.folder) else { return nil }
        guard let deployer = try WalletFiles.load(.wallet, in: options.satelliteFolder) else { return nil }
        var funded = [deployer.address]
        for folder in [options.satelliteFolder] + (0..<options.nodeCount).map(options.nodeFolder) {
            for name in [WalletFiles.Name.wallet, .hot, .partners] {
                if let key = try WalletFiles.load(name, in: folder) { funded.append(key.address) }
            }
        }
        let chain = try await DevelopmentChain.start(
            file, in: options.folder, deployer: deployer, funded: funded, tokens: Self.trialTokens, logger: logger)
        return { await chain.stop() }
    }

    /// What a satellite of a trial begins with: a million.
    private static let trialTokens = TokenAmount(1_000_000 * TokenAmount.unitsPerToken)

    /// Where money is settled, for servers of the network.
    private func ledgerSettings(embedded: [String: String]) throws -> [String: String] {
        switch options.ledger {
        case .none: return ["ledger.kind": "none"]
        case .embedded: return embedded
        case .development:
            guard let file = try DevelopmentChain.File.read(in: options.folder),
                let deployer = try WalletFiles.load(.wallet, in: options.satelliteFolder)
            else { throw ChainProgram.Failure.notInstalled }
            return file.settings(deployer: deployer.address)
        }
    }

    /// Money in a trial: a fixed price, and looks so often that one sees what happens.
    private func satelliteMoney() throws -> [String: String] {
        [
            "ledger.block_time": "1s", "ledger.first_mint": "\(Self.trialTokens)", "quotes.sources": "fixed:0.25",
            "payment.interval": "1s", "payment.delivery_retry": "5s", "billing.deposit_interval": "5s",
            "billing.confirmations": "1",
            "billing.deposit_key": try satelliteFolder.makeDepositKey(random: .system),
        ].merging(try ledgerSettings(embedded: ["ledger.kind": "embedded"])) { $1 }
    }

    private func money(_ index: Int) throws -> [String: String] {
        guard options.ledger == .none else { return try nodeMoney() }
        return [
            "ledger.kind": "none",
            "operator.wallet": "0x" + String(repeating: "0", count: 38) + Hexadecimal.encode([UInt8(index % 256)]),
        ]
    }

    private func nodeMoney() throws -> [String: String] {
        [
            "quotes.sources": "fixed:0.25", "farming.registration_interval": "5s", "farming.watch_interval": "5s",
            "farming.maximum_collateral": "10", "farming.customers": "true",
        ].merging(try ledgerSettings(embedded: ["ledger.kind": "satellite"])) { $1 }
    }

    private var satelliteFolder: SatelliteFolder { SatelliteFolder(options.satelliteFolder) }

    /// Addresses that the satellite's console and the gateway know of each other, host:port.
    private struct WebDoors {
        let console: String
        let gateway: String
        let links: String

        init(_ options: NetworkOptions) throws {
            console = try options.satelliteSettings["console.address"] ?? "127.0.0.1:\(FreePort.choose())"
            gateway = try options.gatewaySettings["address"] ?? "127.0.0.1:\(FreePort.choose())"
            links = try options.gatewaySettings["links.address"] ?? "127.0.0.1:\(FreePort.choose())"
        }
    }

    private func satelliteOverrides(_ doors: WebDoors) throws -> [String: String] {
        let port = options.satellitePort == 0 ? try FreePort.choose() : options.satellitePort
        return [
            "address": "127.0.0.1:\(port)",
            "admin.address": "127.0.0.1:\(try FreePort.choose())",
            "console.address": doors.console,
            "console.gateway": "http://\(doors.gateway)",
            "console.links": "http://\(doors.links)",
            "redundancy": options.redundancy.description,
            "node.online_window": "4h",
            "node.minimum_free_disk": "100MB",
            "node.distinct_subnets": options.subnetCount > 0 ? "true" : "false",
            "node.allow_private_addresses": "true",
            "node.minimum_difficulty": "0",
            "node.check_in_interval": "1s",
            "node.liveness_interval": "2s",
            "node.vetting_audits": "10",
            "node.vetting_age": "0s",
            "exit.minimum_age": "0s",
            "exit.duration": "1m",
            // Short, so that one sees what happens; a pass over few segments costs next to nothing.
            "upkeep.loop_interval": "30s",
            "garbage.interval": "10m",
            // One stops such a network for days, and nobody restores backups of it.
            "garbage.maximum_gap": "3650d",
            "audit.interval": "5m",
            "repair.interval": "10s",
            "repair.retry_interval": "5m",
            "audit.segments_per_node": "1",
            "heartbeats.period": "5m",
            "heartbeats.commit_window": "1m",
            "heartbeats.retry_interval": "5s",
            "heartbeats.evidence_days": "1",
            // One user's machine: what limits a project is the machine.
            "rate_limit": "0",
            "log_level": "notice",
        ].merging(options.ledger == .none ? ["ledger.kind": "none"] : try satelliteMoney()) { $1 }
    }

    private func gatewayOverrides(_ doors: WebDoors) -> [String: String] {
        [
            "address": doors.gateway, "links.address": doors.links,
            // bucket.localhost is this machine wherever names are looked up by the book.
            "domains": "localhost",
            "console_origins": "http://\(doors.console)",
            "log_level": "notice",
        ]
    }

    /// What each node offers: no more than most of what the disk they share has now.
    private func room() throws -> Int64 {
        let facts = try FileManager.default.attributesOfFileSystem(forPath: options.folder.path)
        guard let free = (facts[.systemFreeSize] as? NSNumber)?.int64Value else { return options.allocatedSpace }
        let (gigabyte, share) = (Int64(1_000_000_000), free / 10 * 8)
        return min(options.allocatedSpace, max(gigabyte, share / gigabyte * gigabyte))
    }

    private func nodeOverrides(_ index: Int, satellite: NodeURL) throws -> [String: String] {
        [
            "address": "\(options.nodeHost(index)):\(try FreePort.choose())",
            "satellites": satellite.description,
            "storage.allocated": "\(try room())",
            "storage.minimum": "0",
            "check_in_interval": "15s",
            "admin.address": "127.0.0.1:\(try FreePort.choose())",
            "app.address": "127.0.0.1:\(try FreePort.choose())",
            // Many nodes may share this machine's disk, and an exit should be seen to end.
            "scrub.rate": "1MB",
            "exit.ask_interval": "5s",
            "log_level": "notice",
        ].merging(try money(index)) { $1 }
    }
}
