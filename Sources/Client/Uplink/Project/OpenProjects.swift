package import StorageModel
import Synchronization

/// Projects that are open, one a grant, shared by all requests that bring it, and closed when nobody had use for them
/// for a while.
///
/// A project is in use as long as anybody outside holds it: a request keeps it open by keeping it, until the last byte
/// of its answer is sent, and has nothing to give back.
package final class OpenProjects: Sendable {
    /// Opens a project.
    package typealias Opening = @Sendable (Access) async throws -> Project

    /// Every project that may be open at the same time is in use.
    package struct Busy: Error {}

    fileprivate struct Entry {
        var project: Project
        /// When it was last handed out or seen in use.
        var usedAt: Timestamp
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let idleTime: Duration
    private let clock: WallClock
    private let open: Opening

    /// - Parameters:
    ///   - capacity: projects open at the same time.
    ///   - idleTime: how long a project that nobody uses is kept.
    ///   - open: opens a project; the network is asked with the first call only.
    package init(capacity: Int, idleTime: Duration, clock: WallClock, open: @escaping Opening) {
        self.capacity = capacity
        self.idleTime = idleTime
        self.clock = clock
        self.open = open
    }

    /// The project of a grant, open as long as it is held.
    ///
    /// - Throws: `Busy`; what opening throws.
    package func project(for access: Access) async throws -> Project {
        try await project(of: access.text) { access }
    }

    /// The project of a grant's text, which is parsed only when the project has to be opened.
    ///
    /// - Throws: `Busy`; what parsing and opening throw.
    package func project(for grant: String) async throws -> Project {
        try await project(of: grant) { try Access(grant) }
    }

    private func project(of text: String, _ access: () throws -> Access) async throws -> Project {
        if let project = known(text) { return project }
        let access = try access()
        await close(state.withLock { makeRoom(&$0) })
        let opened = try await open(access)
        let admitted = admit(opened, text)
        if admitted !== opened { await opened.close() }
        guard let admitted else { throw Busy() }
        return admitted
    }

    /// Closes what has been idle for too long.
    package func sweep() async {
        let now = clock.now()
        await close(
            state.withLock { state in
                for key in state.grants where state.isInUse(key) { state.entries[key]?.usedAt = now }
                let idle = state.entries.filter { now.duration(since: $0.value.usedAt) >= idleTime }
                for key in idle.keys { state.entries[key] = nil }
                return idle.values.map(\.project)
            })
    }

    /// Closes everything, in use or not; nothing is opened afterwards.
    package func shutdown() async {
        await close(
            state.withLock { state in
                state.isClosed = true
                defer { state.entries = [:] }
                return state.entries.values.map(\.project)
            })
    }

    /// How many are open.
    package var count: Int { state.withLock { $0.entries.count } }

    private func known(_ key: String) -> Project? {
        let now = clock.now()
        return state.withLock { state in
            state.entries[key]?.usedAt = now
            return state.entries[key]?.project
        }
    }

    /// Takes a newly opened project in; if somebody was faster, his is the one. Nil when there is no room.
    private func admit(_ opened: Project, _ key: String) -> Project? {
        let now = clock.now()
        return state.withLock { state in
            if let known = state.entries[key]?.project { return known }
            guard !state.isClosed, state.entries.count < capacity else { return nil }
            state.entries[key] = Entry(project: opened, usedAt: now)
            return opened
        }
    }

    /// The projects to close so that there is room for one more: those that were idle the longest.
    private func makeRoom(_ state: inout State) -> [Project] {
        guard state.entries.count >= capacity else { return [] }
        let idle = state.grants.filter { !state.isInUse($0) }
        let oldest = idle.sorted { first, second in
            guard let first = state.entries[first], let second = state.entries[second] else { return false }
            return first.usedAt < second.usedAt
        }.prefix(state.entries.count - capacity + 1)
        return oldest.compactMap { state.entries.removeValue(forKey: $0)?.project }
    }

    private func close(_ projects: [Project]) async {
        for project in projects { await project.close() }
    }
}

extension OpenProjects.State {
    /// The keys as a list of their own: a view of them would hold every project once more.
    fileprivate var grants: [String] { Array(entries.keys) }

    /// Whether somebody but the list holds a project. Who holds none cannot get one meanwhile: the list is locked.
    fileprivate mutating func isInUse(_ key: String) -> Bool {
        guard entries[key] != nil else { return false }
        return !isKnownUniquelyReferenced(&entries[key]!.project)
    }
}
