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
        if !satellite.isSetUp {
            let overrides = try satelliteOverrides().merging(options.satelliteSettings) { _, chosen in chosen }
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
        if let access = try NetworkAccess.read(in: options.folder) { return access }
        let project = try await satellite.createProjectKey(project: "local", key: "local network", logger: logger)
        return try NetworkAccess.create(in: options.folder, satellite: url, project: project, random: .system)
    }

    /// Runs the network until its services are asked to stop.
    ///
    /// - Parameter ready: called once, when the satellite answers and every node has checked in.
    package func services(
        access: NetworkAccess, ready: @escaping @Sendable (NetworkFile) -> Void
    ) throws -> [any Service] {
        let folders = [options.satelliteFolder] + (0..<options.nodeCount).map(options.nodeFolder)
        for folder in folders { try ReadyFile.remove(in: folder) }
        try? FileManager.default.removeItem(at: NetworkFile.url(in: options.folder))
        let watch = ReadyWatch(options: options, access: access, ready: ready)
        if options.usesProcesses {
            return [NetworkProcesses(options: options, logger: logger), watch]
        }
        let satellite = try SatelliteProgram(folder: SatelliteFolder(options.satelliteFolder), logger: logger)
        let nodes = try (0..<options.nodeCount).map { index in
            AfterReady(
                folder: options.satelliteFolder,
                service: try NodeProgram(folder: NodeFolder(options.nodeFolder(index)), logger: logger))
        }
        return [satellite] + nodes + [watch]
    }

    private func satelliteOverrides() throws -> [String: String] {
        let port = options.satellitePort == 0 ? try FreePort.choose() : options.satellitePort
        return [
            "address": "127.0.0.1:\(port)",
            "admin.address": "127.0.0.1:\(try FreePort.choose())",
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
        ]
    }

    private func nodeOverrides(_ index: Int, satellite: NodeURL) throws -> [String: String] {
        [
            "address": "\(options.nodeHost(index)):\(try FreePort.choose())",
            "satellites": satellite.description,
            "storage.allocated": "\(options.allocatedSpace)",
            "storage.minimum": "0",
            "operator.wallet": "0x" + String(repeating: "0", count: 38) + Hexadecimal.encode([UInt8(index % 256)]),
            "check_in_interval": "15s",
            "admin.address": "127.0.0.1:\(try FreePort.choose())",
            // Many nodes may share this machine's disk, and an exit should be seen to end.
            "scrub.rate": "1MB",
            "exit.ask_interval": "5s",
            "log_level": "notice",
        ]
    }
}
