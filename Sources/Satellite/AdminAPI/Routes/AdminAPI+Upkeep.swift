import Chores
import Foundation
import Hummingbird
import StorageModel
import Upkeep

extension AdminAPI {
    func addUpkeep(to group: RouterGroup<AdminContext>) {
        group.get("status") { _, _ in Answer(self.status()) }
        group.get("loop") { _, _ in Answer(LoopAnswer(self.upkeep.loop.progress)) }
        group.get("durability") { _, _ in Answer(self.durability()) }
        group.get("garbage") { _, _ in Answer(GarbageAnswer(self.upkeep.garbage.lastReport)) }
    }

    /// The satellite at a glance.
    func status() -> StatusAnswer {
        StatusAnswer(
            id: "\(id)", startedAt: startedAt.date, now: clock.now().date, nodes: .init(nodeAnswers()),
            loop: LoopAnswer(upkeep.loop.progress), durability: durability(),
            chores: chores.map { ChoreAnswer($0.status) })
    }

    func durability() -> DurabilityAnswer { .unknown }
}
