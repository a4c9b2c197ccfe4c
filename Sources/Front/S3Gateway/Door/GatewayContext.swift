package import GatewayRecords
package import Logging
package import StorageModel
package import Uplink

/// What all requests share.
package struct GatewayContext: Sendable {
    package let records: GatewayRecords
    package let projects: OpenProjects
    /// Who is let in, and what owners wrote about their buckets.
    package let doorkeeper: Doorkeeper
    /// Tells those who asked what happened to objects.
    package let events: EventAnnouncer
    /// What is remembered of uploads in parts.
    package let uploads = UploadDirectory()
    package let settings: GatewaySettings
    package let clock: WallClock
    package let random: RandomSource
    package let logger: Logger
    /// Orders the changes of one key.
    package let keyLocks = KeyLocks()
    /// Buckets in order.
    package let index = BucketIndex()

    package init(
        records: GatewayRecords, projects: OpenProjects, doorkeeper: Doorkeeper, events: EventAnnouncer,
        settings: GatewaySettings, clock: WallClock,
        random: RandomSource, logger: Logger
    ) {
        self.records = records
        self.projects = projects
        self.doorkeeper = doorkeeper
        self.events = events
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
    }
}
