import Foundation
package import Upkeep

extension RepairAnswer {
    package init(_ status: RepairStatus) {
        self.init()
        queueLength = status.queueLength
        dueCount = status.dueCount
        irreparableCount = status.irreparableCount
        running = status.running.map {
            Running(segment: $0.place.description, start: $0.start.date, step: $0.step.rawValue)
        }
        totals = Totals(status.totals)
        segmentsPerSecond = status.segmentsPerSecond
        bytesPerSecond = status.bytesPerSecond
        next = status.next.map(Waiting.init)
        irreparable = status.irreparable.map(Waiting.init)
        problems = status.recentProblems.map {
            Problem(segment: $0.place.description, time: $0.time.date, text: $0.text)
        }
    }
}

extension RepairAnswer.Totals {
    init(_ totals: RepairTotals) {
        self.init()
        repairedSegments = totals.repairedSegments
        partlyRepairedSegments = totals.partlyRepairedSegments
        spuriousSegments = totals.spuriousSegments
        failedAttempts = totals.failedAttempts
        addedPieces = totals.addedPieces
        removedPieces = totals.removedPieces
        badPieces = totals.badPieces
        receivedBytes = totals.receivedBytes
        sentBytes = totals.sentBytes
    }
}

extension RepairAnswer.Waiting {
    init(_ repair: QueuedRepair) {
        self.init(
            segment: repair.place.description, survivalDays: repair.survival, healthy: repair.healthyCount,
            retrievable: repair.retrievableCount, required: repair.requiredCount, insertedAt: repair.insertedAt?.date,
            attemptedAt: repair.attemptedAt?.date, attempts: repair.attemptCount, problem: repair.problem)
    }
}
