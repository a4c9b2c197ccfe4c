package import Chores
package import GatewayRecords
package import Logging
import S3Protocol
import ServiceLifecycle
package import StorageModel
package import Uplink

/// A whole gateway: the server, and what goes on without a request.
package struct Gateway: Service {
    /// Open projects that nobody uses are looked for so often.
    private static let projectInterval = Duration.seconds(60)
    /// Events that were not taken are tried again so often; fresh ones go at once.
    private static let eventInterval = Duration.seconds(1)

    package let context: GatewayContext
    /// What recurs, to be triggered or watched.
    package let cycles: [Cycle]
    private let server: GatewayServer
    private let sender: WebhookSender

    /// - Parameters:
    ///   - configuration: of the library that opens projects.
    ///   - open: how a project is opened; tests have a network without sockets.
    ///   - bound: told the port once it listens.
    package init(
        records: GatewayRecords, settings: GatewaySettings, configuration: Configuration, clock: WallClock = .system,
        sleeper: Sleeper = .system, random: RandomSource = .system, logger: Logger,
        open: @escaping @Sendable (Access, Configuration) async throws -> Project = {
            try await Project.open($0, configuration: $1)
        },
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        let pool = OpenProjects(
            capacity: settings.maximumProjects, idleTime: settings.projectIdleTime, clock: clock
        ) { try await open($0, configuration) }
        let projects = ProjectSource(records: records, pool: pool)
        let directory = BucketDirectory(records: records.buckets, clock: clock)
        let sender = WebhookSender()
        let delivery = EventDelivery(
            outbox: records.outbox, webhooks: settings.webhooks, clock: clock, logger: logger,
            send: { await sender.send($1, to: $0) })
        let events = Cycle(
            name: "event delivery", interval: Self.eventInterval, startsImmediately: true, sleeper: sleeper,
            clock: clock, logger: logger, work: delivery.deliver)
        let announcer = EventAnnouncer(
            directory: directory, outbox: records.outbox, region: settings.region, clock: clock, logger: logger,
            wake: { events.trigger() })
        context = GatewayContext(
            records: records, projects: pool,
            doorkeeper: Doorkeeper(directory: directory, natives: NativeBuckets(clock: clock), projects: projects),
            events: announcer, settings: settings, clock: clock, random: random, logger: logger)
        let lifecycle = LifecycleChore(context: context, projects: projects)
        cycles = [
            events,
            Cycle(
                name: "lifecycle", interval: settings.lifecycleInterval, sleeper: sleeper, clock: clock,
                logger: logger, work: lifecycle.run),
            Cycle(
                name: "idle projects", interval: Self.projectInterval, sleeper: sleeper, clock: clock, logger: logger,
                work: pool.sweep),
        ]
        self.sender = sender
        server = GatewayServer(context, bound: bound)
    }

    /// Serves until graceful shutdown.
    ///
    /// - Throws: when the address or the certificate cannot be used.
    package func run() async throws {
        do {
            try await ServiceGroup(services: cycles + [server], logger: context.logger).run()
        } catch {
            try await sender.close()
            throw error
        }
        try await sender.close()
    }
}

extension ProjectSource {
    /// Projects out of a pool, with the grants of the records.
    package init(records: GatewayRecords, pool: OpenProjects) {
        self.init(
            own: { caller in
                guard let grant = caller.grant else { throw S3Error(.accessDenied) }
                return try await pool.project(for: grant)
            },
            delegated: { place in
                guard let grant = try await records.delegations.grant(of: place) else { throw S3Error(.accessDenied) }
                return try await pool.project(for: grant)
            })
    }
}
