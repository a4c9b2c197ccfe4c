package import StorageModel
package import Uplink

/// Open projects, one a grant, shared by all requests with that grant.
package actor ProjectPool {
    private struct Entry {
        let project: Project
        var usedAt: Timestamp
    }

    private let configuration: Configuration
    private let open: @Sendable (Access, Configuration) async throws -> Project
    private let idleTime: Duration
    private let capacity: Int
    private let clock: WallClock
    private var entries: [String: Entry] = [:]
    private var opening: [String: Task<Project, any Error>] = [:]

    /// - Parameters:
    ///   - idleTime: how long a project nobody uses is kept.
    ///   - capacity: projects open at the same time.
    ///   - open: how a project is opened; tests have a network without sockets.
    package init(
        configuration: Configuration, idleTime: Duration, capacity: Int, clock: WallClock,
        open: @escaping @Sendable (Access, Configuration) async throws -> Project = { try await Project.open($0, configuration: $1) }
    ) {
        self.configuration = configuration
        self.idleTime = idleTime
        self.capacity = capacity
        self.clock = clock
        self.open = open
    }

    /// The project that a grant opens.
    ///
    /// - Throws: `AccessDenied` for a grant that is none, `UplinkError`.
    package func project(for grant: String) async throws -> Project {
        if let entry = entries[grant] {
            entries[grant]?.usedAt = clock.now()
            return entry.project
        }
        if let task = opening[grant] { return try await task.value }
        let task = Task { [open, configuration] in
            try await open(try Access(grant), configuration)
        }
        opening[grant] = task
        defer { opening[grant] = nil }
        let project = try await task.value
        entries[grant] = Entry(project: project, usedAt: clock.now())
        evict()
        return project
    }

    /// Closes what nobody used for long.
    package func closeIdle() async {
        let now = clock.now()
        for (grant, entry) in entries where now.duration(since: entry.usedAt) > idleTime {
            entries[grant] = nil
            await entry.project.close()
        }
    }

    /// Closes all; requests that run fail.
    package func closeAll() async {
        let all = entries.values
        entries = [:]
        for entry in all { await entry.project.close() }
    }

    /// Above the capacity the one that was used longest ago goes; requests that still run with it keep it alive until a
    /// minute has passed.
    private func evict() {
        guard entries.count > capacity, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        entries[oldest.key] = nil
        let project = oldest.value.project
        Task {
            try? await Task.sleep(for: .seconds(60))
            await project.close()
        }
    }
}
