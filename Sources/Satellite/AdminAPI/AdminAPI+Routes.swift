import Accounting
import Accounts
import Chores
import Hummingbird
import Macaroons
import Overlay
import StorageModel

extension AdminAPI {
    func addNodes(to group: RouterGroup<AdminContext>) {
        group.get("nodes") { [overlay] _, _ in
            NodesAnswer(nodes: overlay.nodes().map { NodeAnswer($0, isOnline: overlay.isOnline($0)) })
        }
    }

    func addProjects(to group: RouterGroup<AdminContext>) {
        group.get("projects") { [accounts] _, _ in
            ProjectsAnswer(projects: try await accounts.projects().map(ProjectAnswer.init))
        }
        group.post("projects") { [accounts] request, context in
            let wanted = try await request.decode(as: ProjectRequest.self, context: context)
            let owner =
                if let user = try await accounts.user(email: wanted.email) { user } else {
                    try await accounts.createUser(email: wanted.email, name: wanted.email)
                }
            return ProjectAnswer(try await accounts.createProject(name: wanted.name, owner: owner.id))
        }
        group.get("projects/:id/usage") { [accounts, accounting] _, context in
            let project = try await Self.project(context, in: accounts)
            let limits = accounts.effectiveLimits(of: project)
            let usage = accounting.usage(of: project.id)
            return UsageAnswer(
                storageBytes: usage.storageBytes, segments: usage.segments, bandwidthBytes: usage.bandwidthBytes,
                storageLimit: limits.storageBytes, segmentLimit: limits.segments,
                bandwidthLimit: limits.bandwidthBytes)
        }
        group.post("projects/:id/keys") { [accounts] request, context in
            let wanted = try await request.decode(as: KeyRequest.self, context: context)
            let project = try await Self.project(context, in: accounts)
            let (record, key) = try await accounts.createAPIKey(project: project.id, name: wanted.name)
            return KeyAnswer(id: Hexadecimal.encode(record.id.bytes), apiKey: key.text)
        }
    }

    func addChores(to group: RouterGroup<AdminContext>) {
        group.get("chores") { [chores] _, _ in ChoresAnswer(chores: chores.map { ChoreAnswer($0.status) }) }
        group.post("chores/:name/trigger") { [chores] _, context in
            let chore = try Self.chore(context, in: chores)
            // A failing run is told in the status; the request itself did what it was asked.
            do { try await chore.triggerAndWait() } catch { return ChoreAnswer(chore.status) }
            return ChoreAnswer(chore.status)
        }
        group.post("chores/:name/pause") { [chores] _, context in
            let chore = try Self.chore(context, in: chores)
            chore.pause()
            return ChoreAnswer(chore.status)
        }
        group.post("chores/:name/resume") { [chores] _, context in
            let chore = try Self.chore(context, in: chores)
            chore.resume()
            return ChoreAnswer(chore.status)
        }
    }

    private static func project(_ context: AdminContext, in accounts: Accounts) async throws -> Project {
        guard let bytes = Hexadecimal.decode(try context.parameters.require("id")), let id = ProjectID(bytes) else {
            throw HTTPError(.badRequest, message: "a project's id is 32 hexadecimal digits")
        }
        guard let project = try await accounts.project(id) else {
            throw HTTPError(.notFound, message: "there is no such project")
        }
        return project
    }

    private static func chore(_ context: AdminContext, in chores: [Cycle]) throws -> Cycle {
        let name = try context.parameters.require("name")
        guard let chore = chores.first(where: { $0.name == name }) else {
            throw HTTPError(.notFound, message: "there is no such chore")
        }
        return chore
    }
}

extension NodeAnswer {
    init(_ node: NodeRecord, isOnline: Bool) {
        self.init(
            id: "\(node.id)", address: node.address, online: isOnline, freeDisk: node.freeDisk,
            pieceCount: node.pieceCount, version: "\(node.version)", createdAt: node.createdAt.microseconds,
            lastContactSuccess: node.lastContactSuccess?.microseconds,
            lastContactFailure: node.lastContactFailure?.microseconds,
            disqualifiedAt: node.disqualifiedAt?.microseconds)
    }
}

extension ProjectAnswer {
    init(_ project: Project) {
        self.init(
            id: Hexadecimal.encode(project.id.bytes), name: project.name, isDisabled: project.isDisabled,
            createdAt: project.createdAt.microseconds)
    }
}

extension ChoreAnswer {
    init(_ status: CycleStatus) {
        self.init(
            name: status.name, intervalSeconds: status.interval / .seconds(1), isPaused: status.isPaused,
            isRunning: status.isRunning, runCount: status.runCount, failureCount: status.failureCount,
            lastStart: status.lastStart?.microseconds, lastEnd: status.lastEnd?.microseconds,
            lastError: status.lastError)
    }
}
