package import ClientCommands
package import Foundation
import Installation
import StorageModel

/// Where a running server takes the questions of its operator, and what lets them in.
package struct OperatorEndpoint: Sendable, Hashable {
    package let host: String
    package let port: Int
    /// The bearer token.
    package let token: String

    /// An endpoint.
    package init(host: String, port: Int, token: String) {
        self.host = host
        self.port = port
        self.token = token
    }

    /// The endpoint of the server that runs in a folder: its address from `ready.json`, its token from the settings.
    ///
    /// - Throws: `CommandFailure` when it does not run or has no such door; `SettingsError`.
    package static func find(
        _ server: OperatorServer, in folder: URL, environment: CommandEnvironment
    ) throws -> OperatorEndpoint {
        let folder = server.home(in: folder)
        guard FileManager.default.fileExists(atPath: folder.appending(path: "settings.json").path) else {
            throw CommandFailure(
                .usage, "\(folder.path) is not the folder of a \(server.name)",
                advice: "Give --dir as to storj \(server.rawValue) run")
        }
        let settings = try SettingsValues(
            program: server.rawValue, definitions: server.definitions, flags: [:], environment: environment.variables,
            file: folder.appending(path: "settings.json"))
        let ready: ReadyFile?
        do { ready = try ReadyFile.read(in: folder) } catch {
            throw CommandFailure(.failure, "\(folder.path)/ready.json cannot be read: \(error.localizedDescription)")
        }
        guard let ready else {
            throw CommandFailure(
                .unreachable, "the \(server.name) in \(folder.path) does not run",
                advice: "Start it with storj \(server.rawValue) run --dir \(folder.path)")
        }
        let address = ready.admin ?? ""
        let text = address.hasPrefix("http://") ? String(address.dropFirst("http://".count)) : address
        guard let (host, port) = NodeURL(id: NodeID(), address: text).hostAndPort else {
            throw CommandFailure(
                .unreachable, "the \(server.name) in \(folder.path) says no address for its operator",
                advice: "It may be of an older version; start it again")
        }
        return OperatorEndpoint(host: host, port: port, token: settings.text("admin.token"))
    }
}

/// The kinds of servers that operators talk to.
package enum OperatorServer: String, Sendable {
    case satellite, node

    /// What it is called in messages.
    var name: String {
        switch self {
        case .satellite: "satellite"
        case .node: "storage node"
        }
    }

    var definitions: [SettingDefinition] {
        switch self {
        case .satellite: SettingDefinition.satellite
        case .node: SettingDefinition.node
        }
    }

    /// The server's folder: the one that was named, or the satellite's in that of a whole network.
    func home(in folder: URL) -> URL {
        let satellite = folder.appending(path: "satellite", directoryHint: .isDirectory)
        let isNetwork = !FileManager.default.fileExists(atPath: folder.appending(path: "settings.json").path)
        return self == .satellite && isNetwork && FileManager.default.fileExists(atPath: satellite.path)
            ? satellite : folder
    }
}
