import Chores
package import Logging
import ServiceLifecycle
import StorageModel
import StorjShare

/// The view of a whole farm, apart from any node.
package struct FarmProgram: Service {
    private let app: FarmApp

    /// - Parameters:
    ///   - members: nodes, `name=http://host:port#token` each.
    ///   - address: where to listen, host:port.
    /// - Throws: `FarmMemberError`, or `FarmProgramError` for an address that is none.
    package init(members: String, address: String, token: String, logger: Logger) throws {
        var settings = StorjShareSettings()
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            throw FarmProgramError.badAddress(address)
        }
        settings.host = String(address[..<colon])
        settings.port = Int(port)
        settings.token = token
        settings.farm = try FarmMember.parse(members)
        guard !settings.farm.isEmpty else { throw FarmProgramError.noNodes }
        app = FarmApp(settings: settings, clock: .system, random: .system, logger: logger)
    }

    package func run() async throws { try await app.run() }
}

/// Why there is no farm to show.
package enum FarmProgramError: Error, Hashable, CustomStringConvertible {
    case badAddress(String)
    case noNodes

    package var description: String {
        switch self {
        case .badAddress(let address): "\(address) is not host:port"
        case .noNodes: "the file names no nodes"
        }
    }
}
