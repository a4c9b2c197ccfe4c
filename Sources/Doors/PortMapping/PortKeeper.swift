package import Chores
package import Logging
package import StorageModel
import Synchronization

/// Keeps a port of the router for as long as the node runs: asks for it again long before the router forgets it, and
/// soon enough after the router was switched off and on.
package final class PortKeeper: Sendable {
    /// Between two askings.
    package static let interval = Duration.seconds(600)

    private let mapper: PortMapper
    private let port: UInt16
    private let external: UInt16
    private let logger: Logger
    private let changed: @Sendable (MappedPort) -> Void
    private let kept = Mutex<MappedPort?>(nil)

    /// - Parameters:
    ///   - port: of this machine.
    ///   - external: of the router, if it is free.
    ///   - changed: told where the port is, first and whenever that changes.
    package init(
        mapper: PortMapper, port: UInt16, external: UInt16, logger: Logger, changed: @escaping @Sendable (MappedPort) -> Void
    ) {
        self.mapper = mapper
        self.port = port
        self.external = external
        self.logger = logger
        self.changed = changed
    }

    /// What the router gave last; nil when it gave nothing yet.
    package var mapped: MappedPort? { kept.withLock { $0 } }

    /// The recurring work.
    package func makeCycle(sleeper: Sleeper, clock: WallClock) -> Cycle {
        Cycle(
            name: "port mapping", interval: Self.interval, startsImmediately: true, sleeper: sleeper, clock: clock,
            logger: logger, finish: { try await self.release() }, work: { try await self.keep() })
    }

    /// Asks once.
    ///
    /// - Throws: `PortMappingError`.
    package func keep() async throws {
        let before = mapped
        let now = try await mapper.map(internal: port, external: before?.externalPort ?? external)
        kept.withLock { $0 = now }
        guard now.externalAddress != before?.externalAddress || now.externalPort != before?.externalPort else { return }
        logger.notice(
            "the router passes a port on",
            metadata: [
                "way": "\(now.way)", "outside": "\(now.externalAddress.text(port: Int(now.externalPort)))", "inside": "\(port)",
                "public": "\(now.isPublic)",
            ])
        changed(now)
    }

    /// Gives the port back.
    ///
    /// - Throws: `PortMappingError`.
    package func release() async throws {
        guard let port = kept.withLock({ kept in
            defer { kept = nil }
            return kept
        }) else { return }
        try await mapper.release(port)
    }
}
