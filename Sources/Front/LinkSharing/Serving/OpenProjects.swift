import Crypto
import Foundation
import StorageModel
import Synchronization
import Uplink

/// Projects that are open, one a grant, shared by all requests that bring it, and closed when nobody came for a while.
final class OpenProjects: Sendable {
    /// Opens a project.
    typealias Opening = @Sendable (Access) async throws -> Project

    private struct Entry {
        let project: Project
        var users: Int
        var usedAt: Timestamp
    }

    private struct State {
        var entries: [SHA256.Digest: Entry] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let idleTime: Duration
    private let clock: WallClock
    private let open: Opening

    init(capacity: Int, idleTime: Duration, clock: WallClock, open: @escaping Opening) {
        self.capacity = capacity
        self.idleTime = idleTime
        self.clock = clock
        self.open = open
    }

    /// The project of a grant; it stays open as long as the lease lives.
    ///
    /// - Throws: `LinkSharingError.busy` when every project is in use; `UplinkError`.
    func lease(_ access: Access) async throws -> Lease {
        let key = SHA256.hash(data: Data(access.text.utf8))
        if let project = borrow(key) { return Lease(project: project, access: access, key: key, projects: self) }
        await close(state.withLock { makeRoom(&$0) })
        let opened = try await open(access)
        let (project, surplus) = try await admit(opened, key)
        if let surplus { await surplus.close() }
        return Lease(project: project, access: access, key: key, projects: self)
    }

    /// Closes what has been idle for too long.
    func sweep() async {
        let now = clock.now()
        await close(
            state.withLock { state in
                let idle = state.entries.filter {
                    $0.value.users == 0 && now.duration(since: $0.value.usedAt) >= idleTime
                }
                for key in idle.keys { state.entries[key] = nil }
                return idle.values.map(\.project)
            })
    }

    /// Closes everything, in use or not; nothing is opened afterwards.
    func shutdown() async {
        await close(
            state.withLock { state in
                state.isClosed = true
                defer { state.entries = [:] }
                return state.entries.values.map(\.project)
            })
    }

    /// How many are open.
    var count: Int { state.withLock { $0.entries.count } }

    private func borrow(_ key: SHA256.Digest) -> Project? {
        let now = clock.now()
        return state.withLock { state in
            state.entries[key]?.users += 1
            state.entries[key]?.usedAt = now
            return state.entries[key]?.project
        }
    }

    /// Takes a newly opened project in, unless somebody was faster: then that one is used and this one is surplus.
    private func admit(_ opened: Project, _ key: SHA256.Digest) async throws -> (Project, surplus: Project?) {
        let now = clock.now()
        let admitted: (Project, Project?)? = state.withLock { state in
            if let known = state.entries[key]?.project {
                state.entries[key]?.users += 1
                return (known, opened)
            }
            guard !state.isClosed, state.entries.count < capacity else { return nil }
            state.entries[key] = Entry(project: opened, users: 1, usedAt: now)
            return (opened, nil)
        }
        guard let admitted else {
            await opened.close()
            throw LinkSharingError.busy
        }
        return admitted
    }

    /// The projects to close so that there is room for one more: those that were idle the longest.
    private func makeRoom(_ state: inout State) -> [Project] {
        var closing: [Project] = []
        while state.entries.count >= capacity,
            let (key, entry) = state.entries.filter({ $0.value.users == 0 }).min(by: {
                $0.value.usedAt < $1.value.usedAt
            }) {
            state.entries[key] = nil
            closing.append(entry.project)
        }
        return closing
    }

    private func close(_ projects: [Project]) async {
        for project in projects { await project.close() }
    }

    fileprivate func giveBack(_ key: SHA256.Digest) {
        let now = clock.now()
        state.withLock { state in
            state.entries[key]?.users -= 1
            state.entries[key]?.usedAt = now
        }
    }

    /// The use of a project by one request.
    final class Lease: Sendable {
        let project: Project
        let access: Access
        private let key: SHA256.Digest
        private let projects: OpenProjects

        fileprivate init(project: Project, access: Access, key: SHA256.Digest, projects: OpenProjects) {
            self.project = project
            self.access = access
            self.key = key
            self.projects = projects
        }

        deinit { projects.giveBack(key) }
    }
}
