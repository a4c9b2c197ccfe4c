import Chores
import Hummingbird
import OperatorDoor
import StorageModel
import StorageNode

extension NodeAPI {
    func addStatus(to group: RouterGroup<DoorContext>) {
        group.get("status") { [node] _, _ in Answer(NodeStatusAnswer(await node.status())) }
        group.post("drain") { [node] _, _ in
            try await node.drain()
            return Answer(NodeStatusAnswer(await node.status()))
        }
        group.post("undrain") { [node] _, _ in
            try await node.undrain()
            return Answer(NodeStatusAnswer(await node.status()))
        }
        group.get("chores") { [node] _, _ in Answer(NodeChoresAnswer(chores: node.chores.map { NodeChoreAnswer($0.status) })) }
    }

    func addScrub(to group: RouterGroup<DoorContext>) {
        group.get("scrub") { [node] _, _ in Answer(await ScrubAnswer(node)) }
        group.post("scrub/start") { [node] request, context in
            let wanted: ScrubRequest = try await request.body(context) ?? ScrubRequest()
            if let rate = wanted.rate, rate < 1 {
                throw HTTPError(.badRequest, message: "a scrub reads at least one byte a second")
            }
            try await node.startScrub(rate: wanted.rate)
            return Answer(await ScrubAnswer(node))
        }
        group.post("scrub/pause") { [node] _, _ in
            try await node.pauseScrub()
            return Answer(await ScrubAnswer(node))
        }
    }

    func addExits(to group: RouterGroup<DoorContext>) {
        group.get("exits") { [node] _, _ in Answer(ExitsAnswer(exits: await node.status().exits.map(ExitAnswer.init))) }
        group.post("exits") { [node] request, context in
            guard let wanted: SatelliteRequest = try await request.body(context), let text = wanted.satellite else {
                throw HTTPError(.badRequest, message: "which satellite?")
            }
            return Answer(ExitAnswer(try await node.beginExit(from: try Self.satellite(text))))
        }
    }

    func addTrash(to group: RouterGroup<DoorContext>) {
        group.get("trash") { [node] _, _ in Answer(TrashAnswer(await node.status(), restored: nil)) }
        group.post("trash/restore") { [node] request, context in
            let wanted: SatelliteRequest? = try await request.body(context)
            let chosen = try wanted?.satellite.map { [try Self.satellite($0)] }
            var restored = 0
            for (contact, _, _) in await node.status().satellites where chosen?.contains(contact.satellite) ?? true {
                restored += try await node.restoreTrash(of: contact.satellite)
            }
            return Answer(TrashAnswer(await node.status(), restored: restored))
        }
    }

    static func satellite(_ text: String) throws -> NodeID {
        do { return try NodeID(text: text) } catch {
            throw HTTPError(.badRequest, message: "\"\(text)\" is no satellite's id: \(error)")
        }
    }
}

/// How a scrub is wanted.
struct ScrubRequest: Decodable {
    /// Bytes a second; nil keeps the rate.
    var rate: Int64?
}

/// Which satellite is meant.
struct SatelliteRequest: Decodable {
    /// Its id; nil for all.
    var satellite: String?
}
