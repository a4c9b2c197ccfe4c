package import Chores
package import NIOCore
package import StorageModel

/// Asks the router to let the internet through to a TCP port of this machine: by NAT-PMP, and by UPnP when that fails.
package struct PortMapper: Sendable {
    /// How long a router keeps a port that nobody asks for again: RFC 6886 proposes two hours.
    package static let lease = Duration.seconds(7200)
    /// Four questions in less than four seconds, each wait twice the one before (RFC 6886, section 3.1).
    private static let waits = [250, 500, 1000, 2000].map { Duration.milliseconds($0) }

    private let router: @Sendable () -> IPAddress?
    private let natPMPPort: Int
    private let upnp: UPnPClient
    private let sleeper: Sleeper

    /// - Parameters:
    ///   - router: where NAT-PMP is spoken.
    ///   - search: where UPnP devices are searched.
    package init(
        router: @escaping @Sendable () -> IPAddress? = { DefaultRoute.router }, natPMPPort: Int = NATPMP.port,
        search: SocketAddress? = nil, sleeper: Sleeper = .system
    ) {
        self.router = router
        self.natPMPPort = natPMPPort
        self.sleeper = sleeper
        upnp = UPnPClient(search: search, sleeper: sleeper)
    }

    /// Has a port of the router lead to one of this machine, or asks for it again.
    ///
    /// - Parameter external: the router's port to have when it is free.
    /// - Throws: `PortMappingError`.
    package func map(internal port: UInt16, external: UInt16) async throws -> MappedPort {
        guard let router = router() else { throw PortMappingError.noRouter }
        var errors: [PortMappingError] = []
        for way in [PortMappingWay.natPMP, .upnp] {
            do {
                switch way {
                case .natPMP: return try await mapByNATPMP(router, internal: port, external: external)
                case .upnp: return try await upnp.map(internal: port, external: external)
                }
            } catch let error as PortMappingError {
                errors.append(error)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                errors.append(.malformed(way, "\(error)"))
            }
        }
        throw PortMappingError.everyWay(errors)
    }

    /// Gives a port back.
    ///
    /// - Throws: `PortMappingError`.
    package func release(_ port: MappedPort) async throws {
        switch port.way {
        case .natPMP:
            guard let router = router() else { throw PortMappingError.noRouter }
            let question = NATPMP.mapQuestion(internal: port.internalPort, external: 0, lifetime: 0)
            _ = try await ask(router, question) { try NATPMP.mapping(in: $0, internal: port.internalPort)?.lifetime }
        case .upnp: try await upnp.release(port)
        }
    }

    private func mapByNATPMP(_ router: IPAddress, internal port: UInt16, external: UInt16) async throws -> MappedPort {
        let address = try await ask(router, NATPMP.addressQuestion) { try NATPMP.address(in: $0) }
        let question = NATPMP.mapQuestion(
            internal: port, external: external, lifetime: UInt32(clamping: Self.lease.components.seconds))
        let mapping = try await ask(router, question) { answer -> MappedPort? in
            guard let (external, lifetime) = try NATPMP.mapping(in: answer, internal: port) else { return nil }
            return MappedPort(
                way: .natPMP, externalAddress: address, externalPort: external, internalPort: port,
                lifetime: .seconds(Int64(lifetime)))
        }
        guard mapping.externalPort > 0, mapping.lifetime != .zero else {
            throw PortMappingError.malformed(.natPMP, "a port that is none")
        }
        return mapping
    }

    private func ask<Answer: Sendable>(
        _ router: IPAddress, _ bytes: [UInt8], read: @escaping @Sendable ([UInt8]) throws -> Answer?
    ) async throws -> Answer {
        let question = Question(
            bytes: bytes, address: try SocketAddress(ipAddress: "\(router)", port: natPMPPort), waits: Self.waits)
        guard let answer = try await question.ask(sleeper: sleeper, read: { try read($1) }) else {
            throw PortMappingError.silence(.natPMP)
        }
        return answer
    }
}
