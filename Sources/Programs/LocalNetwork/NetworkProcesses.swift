import Foundation
import Installation
import Logging
import ServiceLifecycle

/// The network's servers, each in a process of its own.
///
/// A server that ends by itself is reported and not started again: what happens then is for the operator, or the
/// test that killed it, to decide.
struct NetworkProcesses: Service {
    /// The network.
    let options: NetworkOptions
    /// What the gateway serves.
    let grant: String
    /// The log.
    let logger: Logger

    func run() async throws {
        let satellite = try start("satellite", ["satellite", "run", "--dir", options.satelliteFolder.path])
        var children = [satellite]
        let ready = await cancelWhenGracefulShutdown { await becomesReady(satellite) }
        var failure: (any Error)?
        if ready {
            for index in 0..<options.nodeCount {
                let folder = options.nodeFolder(index)
                children.append(try start(folder.lastPathComponent, ["node", "run", "--dir", folder.path]))
            }
            do {
                // Registered here, so that no process list shows the grant.
                _ = try await GatewayFolder(options.gatewayFolder).register(grant, name: nil)
                children.append(try start("gateway", ["gateway", "run", "--dir", options.gatewayFolder.path]))
                failure = await watch(children)
            } catch {
                failure = error
            }
        } else if let status = satellite.exitStatus {
            failure = NetworkError(satellite.name, status: status, in: options.folder)
        }
        // Nodes first: they hand in their last orders while the satellite still listens.
        await withTaskGroup(of: Void.self) { group in
            for child in children.dropFirst() { group.addTask { await child.stop() } }
        }
        await satellite.stop()
        if let failure { throw failure }
    }

    private func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            name: name, executable: options.executable, arguments: arguments + ["--exit-with-parent"],
            log: options.folder.appending(path: "\(name).log"))
    }

    /// Waits for the request to stop, or for a server that ends before it was ready.
    private func watch(_ children: [ChildProcess]) async -> NetworkError? {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: NetworkError?.self) { group in
                for child in children { group.addTask { await end(of: child) } }
                group.addTask {
                    // A failed sleep is the request to stop, which is what ends the watch.
                    try? await Task.sleep(for: .seconds(3600 * 24 * 365 * 100))
                    return nil
                }
                for await case let failure? in group {
                    group.cancelAll()
                    return failure
                }
                return nil
            }
        }
    }

    /// Whether a server gets ready before it ends or the task is cancelled.
    private func becomesReady(_ child: ChildProcess) async -> Bool {
        let folder = options.folder.appending(path: child.name)
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await readyFile(in: folder)) != nil }
            group.addTask {
                _ = await child.status()
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    /// Waits for a server's end; an error when it had never been ready.
    private func end(of child: ChildProcess) async -> NetworkError? {
        // Noted while it runs: whoever starts a killed server again removes the file of the one that was.
        let wasReady = await becomesReady(child)
        guard let status = await child.status() else { return nil }
        if !wasReady, status != 0 { return NetworkError(child.name, status: status, in: options.folder) }
        logger.warning("a server of the network ended", metadata: ["name": "\(child.name)", "status": "\(status)"])
        return nil
    }
}

/// Why a network cannot run: a server ended before it was ready.
struct NetworkError: Error, CustomStringConvertible {
    /// The server, its exit status and its log.
    let description: String

    init(_ name: String, status: Int32, in folder: URL) {
        let log = folder.appending(path: "\(name).log").path
        description = "\(name) ended with status \(status) before it was ready; see \(log)"
    }
}
