package import GatewayRecords
package import Logging
package import StorageModel

/// What all requests share.
package struct GatewayContext: Sendable {
    package let records: GatewayRecords
    package let projects: ProjectPool
    package let settings: GatewaySettings
    package let clock: WallClock
    package let random: RandomSource
    package let logger: Logger

    package init(
        records: GatewayRecords, projects: ProjectPool, settings: GatewaySettings, clock: WallClock,
        random: RandomSource, logger: Logger
    ) {
        self.records = records
        self.projects = projects
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
    }
}
