import Chores
import DRPC
import Foundation
import Identity
import Installation
package import Logging
import PortMapping
import ServiceLifecycle
import StorageModel
import StorjShare

/// The first run of a node: the wizard in the browser, and then, in the same process, the node.
package struct NodeSetupProgram: Service {
    private let folder: NodeFolder
    private let flags: [String: String]
    private let runsNode: Bool
    private let logger: Logger
    private let settings: StorjShareSettings
    private let mapper: PortMapper

    /// - Parameters:
    ///   - flags: settings given on the command line: they are kept.
    ///   - runsNode: whether the node starts when it is set up.
    /// - Throws: `SettingsError` or `FarmMemberError`.
    package init(folder: NodeFolder, flags: [String: String] = [:], runsNode: Bool, logger: Logger) throws {
        self.folder = folder
        self.flags = flags
        self.runsNode = runsNode
        self.logger = logger
        let values = try folder.values(flags: flags)
        settings = try StorjShareSettings(values)
        mapper = try PortMapper(values)
    }

    /// Where the wizard is.
    package var address: String { "http://\(settings.host):\(settings.port)/" }

    /// Serves the wizard and then the node, until graceful shutdown or cancellation.
    package func run() async throws {
        let eventLoops = RPCEventLoops(threadCount: 1)
        logger.notice("the node is set up in the browser", metadata: ["address": "\(address)"])
        let isSetUp = try await SetupWizard(
            settings: settings, hooks: hooks(eventLoops), clock: .system, random: .system, logger: logger
        ).serve()
        await eventLoops.shutdown()
        guard isSetUp, runsNode else { return }
        try await NodeProgram(folder: folder, flags: flags, logger: logger).run()
    }

    private func hooks(_ eventLoops: RPCEventLoops) -> SetupHooks {
        SetupHooks(
            folder: folder.url.path,
            identity: { [folder] in
                IdentityFiles.exist(in: folder.url) ? try IdentityFiles.load(from: folder.url) : nil
            },
            makeIdentity: { [folder] difficulty, tried in
                _ = try await IdentityFiles.create(
                    in: folder.url, difficulty: difficulty, tasks: 2, random: .system, progress: tried)
            },
            disk: { [folder] in
                try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
                let facts = try FileManager.default.attributesOfFileSystem(forPath: folder.url.path)
                func number(_ key: FileAttributeKey) -> Int64 { (facts[key] as? NSNumber)?.int64Value ?? 0 }
                return (number(.systemFreeSize), number(.systemSize))
            },
            finish: { [folder, flags] settings in
                let overrides = settings.merging(flags) { $1 }
                _ = try folder.values(flags: overrides)
                // The identity is there; what is left to make is keys, whose strength goes by its own.
                let identity = try IdentityFiles.load(from: folder.url)
                try await folder.setUp(overrides: overrides, difficulty: identity.id.difficulty)
            }, eventLoops: eventLoops, mapPort: { [mapper] in try await mapper.map(internal: $0, external: $1) })
    }
}
