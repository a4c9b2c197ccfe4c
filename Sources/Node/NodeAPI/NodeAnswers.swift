import Chores
package import Foundation
import PieceStore
import StorageModel
package import StorageNode

/// What pieces take, in bytes of disk and in numbers.
package struct UsageAnswer: Codable, Hashable, Sendable {
    package let pieces: Int
    /// Content alone: what satellites count.
    package let contentBytes: Int64
    /// Content and what is kept with it.
    package let liveBytes: Int64
    package let trashPieces: Int
    package let trashBytes: Int64
    /// Bytes that belong to no piece and wait to be given back.
    package let deadBytes: Int64
    package let totalBytes: Int64

    init(_ usage: StorageUsage) {
        pieces = usage.livePieces
        contentBytes = usage.contentBytes
        liveBytes = usage.liveBytes
        trashPieces = usage.trashPieces
        trashBytes = usage.trashBytes
        deadBytes = usage.deadBytes
        totalBytes = usage.totalBytes
    }
}

/// One satellite a node works for, or has left.
package struct NodeSatelliteAnswer: Codable, Hashable, Sendable {
    package let id: String
    package let address: String
    /// False once the node has left it.
    package let isActive: Bool
    package let lastContactSuccess: Date?
    package let lastContactFailure: Date?
    /// Why the newest check-in failed.
    package let problem: String?
    package let usage: UsageAnswer
    /// How it stands as who pays, and why: active, paused, draining or refused; null for a node that is not paid.
    package let standing: String?
    package let standingReason: String?
}

/// A node at a glance.
package struct NodeStatusAnswer: Codable, Hashable, Sendable {
    package let id: String
    package let address: String
    package let version: String
    package let allocatedBytes: Int64
    package let freeBytes: Int64
    /// When a satellite or client was last heard of.
    package let lastContact: Date?
    /// Since when no new pieces are taken.
    package let drainedSince: Date?
    package let usage: UsageAnswer
    package let satellites: [NodeSatelliteAnswer]
    package let scrub: ScrubAnswer
    package let lostPieces: LostPiecesAnswer
    package let exits: [ExitAnswer]
    /// Peak memory of the process, in bytes.
    package let peakMemoryBytes: Int64

    package init(_ status: NodeStatus) {
        id = "\(status.id)"
        address = status.address
        version = status.version
        allocatedBytes = status.allocatedSpace
        freeBytes = status.freeSpace
        lastContact = status.lastContact?.date
        drainedSince = status.drainedSince?.date
        usage = UsageAnswer(status.usage)
        satellites = status.satellites.map { contact, isActive, usage in
            NodeSatelliteAnswer(
                id: "\(contact.satellite)", address: contact.address, isActive: isActive,
                lastContactSuccess: contact.succeededAt?.date, lastContactFailure: contact.failedAt?.date,
                problem: contact.problem, usage: UsageAnswer(usage), standing: status.standings[contact.satellite]?.name,
                standingReason: status.standings[contact.satellite]?.reason)
        }
        scrub = ScrubAnswer(status.scrub)
        lostPieces = LostPiecesAnswer(status.amnesty)
        exits = status.exits.map(ExitAnswer.init)
        peakMemoryBytes = PeakMemory.bytes
    }
}

/// Pieces that were found bad.
package struct LostPiecesAnswer: Codable, Hashable, Sendable {
    /// Their satellites do not know yet.
    package let waiting: Int
    /// Acknowledged since the start.
    package let acknowledged: Int
    package let lastAcknowledged: Date?
    package let problem: String?

    init(_ summary: AmnestySummary) {
        waiting = summary.waiting
        acknowledged = summary.acknowledged
        lastAcknowledged = summary.lastAcknowledged?.date
        problem = summary.lastError
    }
}

/// The reading of all that is stored.
package struct ScrubAnswer: Codable, Hashable, Sendable {
    /// One pass over everything.
    package struct Pass: Codable, Hashable, Sendable {
        package let startedAt: Date
        package let finishedAt: Date?
        package let pieces: Int
        package let bytes: Int64
        package let bad: Int

        init(_ pass: ScrubPass) {
            startedAt = Timestamp(microseconds: pass.startedAt).date
            finishedAt = pass.finishedAt.map { Timestamp(microseconds: $0).date }
            pieces = pass.pieces
            bytes = pass.bytes
            bad = pass.bad
        }
    }

    /// Bytes a second.
    package let rate: Int64
    package let isPaused: Bool
    /// Bytes that a pass has to read.
    package let totalBytes: Int64
    package let current: Pass?
    package let last: Pass?

    init(_ status: ScrubStatus) {
        rate = status.rate
        isPaused = status.isPaused
        totalBytes = status.total
        current = status.current.map(Pass.init)
        last = status.last.map(Pass.init)
    }

    init(_ node: StorageNode) async { self.init(await node.status().scrub) }
}

/// All exits.
package struct ExitsAnswer: Codable, Hashable, Sendable {
    package let exits: [ExitAnswer]
}

/// How far the leaving of a satellite has come.
package struct ExitAnswer: Codable, Hashable, Sendable {
    package let satellite: String
    /// requested, exiting, completed, deleted, failed or refused.
    package let step: String
    package let requestedAt: Date
    package let initiatedAt: Date?
    package let askedAt: Date?
    package let endedAt: Date?
    package let problem: String?
    /// The satellite's signed last word, in Base64.
    package let receipt: String?
    package let freedBytes: Int64?

    init(_ state: ExitState) {
        satellite = state.satellite
        step = state.step.rawValue
        requestedAt = Timestamp(microseconds: state.requestedAt).date
        initiatedAt = state.initiatedAt.map { Timestamp(microseconds: $0).date }
        askedAt = state.askedAt.map { Timestamp(microseconds: $0).date }
        endedAt = state.endedAt.map { Timestamp(microseconds: $0).date }
        problem = state.problem
        receipt = state.receipt.map { Data($0).base64EncodedString() }
        freedBytes = state.freedBytes
    }
}

/// What waits to be deleted.
package struct TrashAnswer: Codable, Hashable, Sendable {
    /// One satellite's.
    package struct Part: Codable, Hashable, Sendable {
        package let satellite: String
        package let pieces: Int
        package let bytes: Int64
    }

    package let pieces: Int
    package let bytes: Int64
    package let satellites: [Part]
    /// Pieces that were just brought back.
    package let restored: Int?

    init(_ status: NodeStatus, restored: Int?) {
        pieces = status.usage.trashPieces
        bytes = status.usage.trashBytes
        satellites = status.satellites.map { contact, _, usage in
            Part(satellite: "\(contact.satellite)", pieces: usage.trashPieces, bytes: usage.trashBytes)
        }
        self.restored = restored
    }
}

/// The recurring work.
package struct NodeChoresAnswer: Codable, Hashable, Sendable {
    package let chores: [NodeChoreAnswer]
}

/// One chore.
package struct NodeChoreAnswer: Codable, Hashable, Sendable {
    package let name: String
    package let intervalSeconds: Double
    package let isRunning: Bool
    package let runCount: Int
    package let failureCount: Int
    package let lastEnd: Date?
    package let lastError: String?

    init(_ status: CycleStatus) {
        name = status.name
        intervalSeconds = status.interval / .seconds(1)
        isRunning = status.isRunning
        runCount = status.runCount
        failureCount = status.failureCount
        lastEnd = status.lastEnd?.date
        lastError = status.lastError
    }
}

extension Timestamp {
    /// The moment as Foundation has it; only for people and JSON.
    var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1e6) }
}
