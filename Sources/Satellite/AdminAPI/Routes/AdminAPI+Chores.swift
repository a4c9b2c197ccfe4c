import Chores
import Hummingbird
import OperatorDoor

extension AdminAPI {
    func addChores(to group: RouterGroup<DoorContext>) {
        group.get("chores") { _, _ in Answer(ChoresAnswer(chores: self.choreAnswers())) }
        group.get("chores/:name") { _, context in Answer(self.answer(try self.chore(context))) }
        group.post("chores/:name/trigger") { request, context in
            let chore = try self.chore(context)
            guard try Self.waits(request) else {
                chore.trigger()
                return Answer(self.answer(chore))
            }
            // A failing run is told in the status; the request itself did what it was asked.
            do { try await chore.triggerAndWait() } catch { return Answer(self.answer(chore)) }
            return Answer(self.answer(chore))
        }
        group.post("chores/:name/pause") { _, context in
            let chore = try self.chore(context)
            chore.pause()
            return Answer(self.answer(chore))
        }
        group.post("chores/:name/resume") { _, context in
            let chore = try self.chore(context)
            chore.resume()
            return Answer(self.answer(chore))
        }
    }

    /// All chores as they are now.
    func choreAnswers() -> [ChoreAnswer] { chores.map(answer) }

    private func answer(_ chore: Cycle) -> ChoreAnswer {
        ChoreAnswer(chore.status, isOnDemand: onDemand.contains(chore.name))
    }

    /// Whether the answer comes after the run; runs can outlast a connection, so that one may also ask again and again.
    private static func waits(_ request: Request) throws -> Bool {
        switch request.uri.queryParameters["wait"] {
        case nil, "true": return true
        case "false": return false
        case .some: throw HTTPError(.badRequest, message: "wait is true or false")
        }
    }

    private func chore(_ context: DoorContext) throws -> Cycle {
        let name = try context.parameters.require("name")
        guard let chore = chores.first(where: { $0.name == name }) else {
            throw HTTPError(.notFound, message: "there is no such chore")
        }
        return chore
    }
}
