import Foundation
import Logging
import ServiceLifecycle

/// The network's servers, each in a process of its own.
///
/// A server that ends by itself is reported and not started again: what happens then is for the operator, or the
/// test that killed it, to decide.
struct NetworkProcesses: Service {
    /// The network.
    let options: NetworkOptions
    /// The log.
    let logger: Logger

    func run() async throws {
        let satellite = try start("satellite", ["satellite", "run", "--dir", options.satelliteFolder.path])
        var children = [satellite]
        let ready = await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await readyFile(in: options.satelliteFolder)) != nil }
                group.addTask {
                    _ = await satellite.status()
                    return false
                }
                let first = await group.next() ?? false
                group.cancelAll()
                return first
            }
        }
        if ready {
            for index in 0..<options.nodeCount {
                let folder = options.nodeFolder(index)
                children.append(try start(folder.lastPathComponent, ["node", "run", "--dir", folder.path]))
            }
            await watch(children)
        } else if let status = satellite.exitStatus {
            throw NetworkError.satelliteEnded(
                status: status, log: options.folder.appending(path: "satellite.log").path)
        }
        // Nodes first: they hand in their last orders while the satellite still listens.
        await withTaskGroup(of: Void.self) { group in
            for child in children.dropFirst() { group.addTask { await child.stop() } }
        }
        await satellite.stop()
    }

    private func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            name: name, executable: options.executable, arguments: arguments + ["--exit-with-parent"],
            log: options.folder.appending(path: "\(name).log"))
    }

    private func watch(_ children: [ChildProcess]) async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for child in children {
                    group.addTask {
                        guard let status = await child.status() else { return }
                        logger.warning(
                            "a server of the network ended", metadata: ["name": "\(child.name)", "status": "\(status)"])
                    }
                }
                group.addTask {
                    // A failed sleep is the request to stop, which is what ends the watch.
                    try? await Task.sleep(for: .seconds(3600 * 24 * 365 * 100))
                }
            }
        }
    }
}

/// Why a network cannot run.
enum NetworkError: Error, CustomStringConvertible {
    /// The satellite's process ended before it was ready.
    case satelliteEnded(status: Int32, log: String)

    var description: String {
        switch self {
        case .satelliteEnded(let status, let log): "the satellite ended with status \(status); see \(log)"
        }
    }
}
