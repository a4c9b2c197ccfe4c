import Foundation

/// What an operator should look at, as sentences.
struct Attention {
    /// The chore that passes over all segments.
    static let loopChore = "ranged-loop"
    /// Nodes offline beyond this share are more than the usual coming and going.
    static let offlineShare = 0.1

    let startedAt: Date
    let now: Date
    let nodes: StatusAnswer.Nodes
    let loop: LoopAnswer
    let durability: DurabilityAnswer
    let garbageHeldUntil: Date?
    let chores: [ChoreAnswer]

    /// The gravest first.
    var sentences: [String] { segments + passes + holds + failures + absences + pauses }

    private var segments: [String] {
        var sentences: [String] = []
        let lost = durability.classes.reduce(0) { $0 + $1.lost }
        let atRisk = durability.classes.reduce(0) { $0 + $1.atRisk }
        if lost > 0 {
            sentences.append("\(Self.count(lost, "segment")) cannot be retrieved: bring nodes that hold them back online")
        }
        if atRisk > 0 {
            sentences.append("\(Self.count(atRisk, "segment")) can hardly lose another piece: see that repair runs")
        }
        return sentences
    }

    private var passes: [String] {
        var sentences = (loop.last?.failures ?? [:]).sorted { $0.key < $1.key }.map { name, reason in
            "the newest pass over all segments left out \(name): \(reason)"
        }
        if let chore = chores.first(where: { $0.name == Self.loopChore }), !chore.isPaused {
            let patience = 3 * chore.intervalSeconds + 600
            let newest = loop.last?.end ?? startedAt
            if now.timeIntervalSince(newest) > patience {
                sentences.append(
                    "no pass over all segments was completed for \(Self.hours(now.timeIntervalSince(newest)))")
            }
        }
        return sentences
    }

    private var holds: [String] {
        garbageHeldUntil.map { end in
            [
                "nodes are not told what to throw away for another \(Self.hours(end.timeIntervalSince(now))): "
                    + "this may be a restored backup"
            ]
        } ?? []
    }

    private var failures: [String] {
        chores.compactMap { chore in
            chore.lastError.map { "chore \(chore.name) failed in its newest run: \($0)" }
        }
    }

    private var absences: [String] {
        let known = nodes.online + nodes.offline
        guard nodes.offline > 0, Double(nodes.offline) > Double(known) * Self.offlineShare else { return [] }
        return ["\(nodes.offline) of \(Self.count(known, "node")) are offline"]
    }

    private var pauses: [String] {
        chores.filter { $0.isPaused && !$0.isOnDemand }.map { "chore \($0.name) is paused: it runs only when it is triggered" }
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private static func hours(_ seconds: TimeInterval) -> String {
        seconds < 5400 ? "\(Int(seconds / 60)) minutes" : "\(Int((seconds / 3600).rounded())) hours"
    }
}
