import Foundation
import Installation
import ServiceLifecycle

/// Waits until every server of the network is ready, then writes `network.json`.
struct ReadyWatch: Service {
    /// The network.
    let options: NetworkOptions
    /// The key to its project.
    let access: NetworkAccess
    /// Called once, when everything is ready.
    let ready: @Sendable (NetworkFile) -> Void

    func run() async throws {
        // Being cut short is how the watch ends when the network is asked to stop.
        do { try await watch() } catch is CancellationError { return }
    }

    private func watch() async throws {
        try await cancelWhenGracefulShutdown {
            let satellite = try await readyFile(in: options.satelliteFolder)
            var nodes: [NetworkFile.Node] = []
            for index in 0..<options.nodeCount {
                let folder = options.nodeFolder(index)
                let file = try await readyFile(in: folder)
                let values = try NodeFolder(folder).values()
                nodes.append(
                    .init(
                        id: file.id, address: file.address, dir: folder.path, pid: file.pid, admin: file.admin ?? "",
                        adminToken: values.text("admin.token"), dashboard: "http://\(values.text("app.address"))"))
            }
            let s3 = try await gateway()
            let values = try SatelliteFolder(options.satelliteFolder).values()
            let file = NetworkFile(
                satellite: .init(
                    nodeURL: "\(satellite.id)@\(satellite.address)", admin: satellite.admin ?? "", adminToken: values.text("admin.token"),
                    dir: options.satelliteFolder.path, pid: satellite.pid),
                console: .init(
                    endpoint: "http://\(values.text("console.address"))", email: NetworkAccess.demoEmail,
                    password: access.consolePassword),
                s3: s3, apiKey: access.apiKey, accessGrant: access.accessGrant, passphrase: access.passphrase, nodes: nodes)
            try file.write(in: options.folder)
            ready(file)
            // The network stays up until it is asked to stop.
            try await Task.sleep(for: .seconds(3600 * 24 * 365 * 100))
        }
    }
}

extension ReadyWatch {
    /// The gateway, once it answers.
    private func gateway() async throws -> NetworkFile.S3 {
        let folder = GatewayFolder(options.gatewayFolder)
        let file = try await readyFile(in: folder.url)
        guard let keys = try folder.keys(for: access.accessGrant) else { throw CocoaError(.fileReadNoSuchFile) }
        return .init(
            endpoint: "http://\(file.address)", accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey,
            links: "http://\(try folder.values().text("links.address"))", dir: folder.url.path, pid: file.pid)
    }
}

/// Starts a service once the server of a folder is ready.
struct AfterReady: Service {
    /// The folder to watch.
    let folder: URL
    /// What to run then.
    let service: any Service

    func run() async throws {
        let isReady = await cancelWhenGracefulShutdown { (try? await readyFile(in: folder)) != nil }
        // Not ready means that the network is being stopped before it was up.
        if isReady { try await service.run() }
    }
}

/// The ready file of a folder, as soon as there is one.
func readyFile(in folder: URL) async throws -> ReadyFile {
    while true {
        if let file = try ReadyFile.read(in: folder) { return file }
        // The file may come from another process, so it is looked for rather than announced.
        try await Task.sleep(for: .milliseconds(50))
    }
}
