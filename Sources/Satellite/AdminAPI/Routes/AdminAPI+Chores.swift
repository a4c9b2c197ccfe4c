import Chores
import Hummingbird

extension AdminAPI {
    func addChores(to group: RouterGroup<AdminContext>) {
        group.get("chores") { [chores] _, _ in
            Answer(ChoresAnswer(chores: chores.map { ChoreAnswer($0.status) }))
        }
        group.get("chores/:name") { [chores] _, context in
            Answer(ChoreAnswer(try Self.chore(context, in: chores).status))
        }
        group.post("chores/:name/trigger") { [chores] request, context in
            let chore = try Self.chore(context, in: chores)
            guard try Self.waits(request) else {
                chore.trigger()
                return Answer(ChoreAnswer(chore.status))
            }
            // A failing run is told in the status; the request itself did what it was asked.
            do { try await chore.triggerAndWait() } catch { return Answer(ChoreAnswer(chore.status)) }
            return Answer(ChoreAnswer(chore.status))
        }
        group.post("chores/:name/pause") { [chores] _, context in
            let chore = try Self.chore(context, in: chores)
            chore.pause()
            return Answer(ChoreAnswer(chore.status))
        }
        group.post("chores/:name/resume") { [chores] _, context in
            let chore = try Self.chore(context, in: chores)
            chore.resume()
            return Answer(ChoreAnswer(chore.status))
        }
    }

    /// Whether the answer comes after the run; runs can outlast a connection, so that one may also ask again and again.
    private static func waits(_ request: Request) throws -> Bool {
        switch request.uri.queryParameters["wait"] {
        case nil, "true": return true
        case "false": return false
        case .some: throw HTTPError(.badRequest, message: "wait is true or false")
        }
    }

    private static func chore(_ context: AdminContext, in chores: [Cycle]) throws -> Cycle {
        let name = try context.parameters.require("name")
        guard let chore = chores.first(where: { $0.name == name }) else {
            throw HTTPError(.notFound, message: "there is no such chore")
        }
        return chore
    }
}
