import Chores
import Foundation
import Hummingbird
import Market
import OperatorDoor
import Overlay
import StorageModel
import Upkeep

extension AdminAPI {
    func addUpkeep(to group: RouterGroup<DoorContext>) {
        group.get("status") { _, _ in Answer(self.status()) }
        group.get("loop") { _, _ in Answer(LoopAnswer(self.upkeep.loop.progress)) }
        group.get("durability") { _, _ in Answer(self.durability()) }
        group.get("audits") { _, _ in Answer(try await self.audits()) }
        group.post("audits/forgive") { request, context in
            let wanted = try await request.decode(as: ForgiveRequest.self, context: context)
            guard wanted.before <= self.clock.now().date else {
                throw HTTPError(.badRequest, message: "a moment that is not over yet cannot be forgiven")
            }
            try await self.upkeep.audits.forgive(before: Timestamp(wanted.before))
            return Answer(try await self.audits())
        }
        group.get("repair") { _, _ in Answer(RepairAnswer(try await self.upkeep.repairs.status())) }
        group.get("heartbeats") { _, _ in
            Answer(
                HeartbeatsAnswer(try await self.market.status(), earlier: try await self.market.periods(limit: 10)))
        }
        group.get("garbage") { _, _ in Answer(self.garbage()) }
        group.post("garbage/restore-trash") { _, _ in
            Answer(RestoredTrashAnswer(try await self.upkeep.garbage.restoreTrash()))
        }
        group.post("garbage/end-hold") { _, _ in
            try await self.upkeep.garbage.endHold()
            return Answer(self.garbage())
        }
    }

    /// The satellite at a glance.
    package func status() -> StatusAnswer {
        StatusAnswer(
            id: "\(id)", startedAt: startedAt.date, now: clock.now().date, nodes: .init(overlay.nodes(), isOnline: overlay.isOnline),
            loop: LoopAnswer(upkeep.loop.progress), durability: durability(), garbageHeldUntil: garbage().heldUntil,
            chores: choreAnswers())
    }

    func garbage() -> GarbageAnswer {
        GarbageAnswer(upkeep.garbage.lastReport, heldUntil: upkeep.garbage.caution.heldUntil, now: clock.now())
    }

    func audits() async throws -> AuditsAnswer { AuditsAnswer(try await upkeep.audits.status()) }

    func durability() -> DurabilityAnswer { DurabilityAnswer(upkeep.durability.report) }
}
