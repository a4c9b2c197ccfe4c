import Accounting
import Accounts
import Hummingbird
import Macaroons
import OperatorDoor
import StorageModel

extension AdminAPI {
    func addProjects(to group: RouterGroup<DoorContext>) {
        group.get("projects") { [accounts] _, _ in
            Answer(ProjectsAnswer(projects: try await accounts.projects().map(ProjectAnswer.init)))
        }
        group.post("projects") { [accounts] request, context in
            let wanted = try await request.decode(as: ProjectRequest.self, context: context)
            let owner =
                if let user = try await accounts.user(email: wanted.email) { user } else {
                    try await accounts.createUser(email: wanted.email, name: wanted.email)
                }
            return Answer(ProjectAnswer(try await accounts.createProject(name: wanted.name, owner: owner.id)))
        }
        group.get("projects/:id/usage") { [accounts, accounting] _, context in
            let project = try await Self.project(context, in: accounts)
            let limits = accounts.effectiveLimits(of: project)
            let usage = accounting.usage(of: project.id)
            return Answer(
                UsageAnswer(
                    storageBytes: usage.storageBytes, segments: usage.segments, bandwidthBytes: usage.bandwidthBytes,
                    storageLimit: limits.storageBytes, segmentLimit: limits.segments,
                    bandwidthLimit: limits.bandwidthBytes))
        }
        group.post("projects/:id/keys") { [accounts] request, context in
            let wanted = try await request.decode(as: KeyRequest.self, context: context)
            let project = try await Self.project(context, in: accounts)
            let (record, key) = try await accounts.createAPIKey(project: project.id, name: wanted.name)
            return Answer(KeyAnswer(id: Hexadecimal.encode(record.id.bytes), apiKey: key.text))
        }
    }

    private static func project(_ context: DoorContext, in accounts: Accounts) async throws -> Project {
        guard let bytes = Hexadecimal.decode(try context.parameters.require("id")), let id = ProjectID(bytes) else {
            throw HTTPError(.badRequest, message: "a project's id is 32 hexadecimal digits")
        }
        guard let project = try await accounts.project(id) else {
            throw HTTPError(.notFound, message: "there is no such project")
        }
        return project
    }
}
