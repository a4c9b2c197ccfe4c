import StorageModel

extension DownloadMachine {
    /// Checks in a row in which everybody waits for one piece before another is asked in its stead.
    static let lateCheckLimit = 4
    /// How much longer than `stallTime` a silent node may be waited for when every piece is wanted.
    private static let correctionPatience = 8

    /// Time between two checks.
    static func checkInterval(_ settings: TransferSettings) -> Duration { settings.stallTime / 2 }

    /// Looks for nodes that are silent while others move on, or hold everybody up.
    ///
    /// - Returns: the nodes that have just been given up hope of.
    mutating func check(now: Timestamp) -> [NodeID] {
        let pause = now.duration(since: lastCheck)
        lastCheck = now
        // After a long pause of this very process all look silent: they get their time again.
        guard pause < settings.stallTime * 2 else {
            for id in intakes.indices { intakes[id].lastProgress = now }
            lastProgress = max(lastProgress, now)
            return []
        }
        let stalled = intakes.indices.filter { isStalled($0, now: now) }
        let late = intakes.indices.filter { countLateness($0) }
        for id in Set(stalled + late) { intakes[id].isSuspect = true }
        return stalled.map { intakes[$0].offer.nodeID }
    }

    private func isWaitedFor(_ intake: PieceIntake) -> Bool {
        intake.status == .running && !intake.isHeld && !intake.isSuspect
    }

    /// Whether piece `id` is silent for longer than the others explain.
    ///
    /// A busy machine or line makes everybody late: what counts is time after the others.
    private func isStalled(_ id: Int, now: Timestamp) -> Bool {
        guard isWaitedFor(intakes[id]) else { return false }
        let patience = settings.stallTime * (correction == .on ? Self.correctionPatience : 1)
        let silence = now.duration(since: intakes[id].lastProgress)
        guard silence >= patience else { return false }
        let others = intakes.indices.filter { $0 != id && intakes[$0].isHealthy }
        guard let lastMove = others.map({ intakes[$0].lastProgress }).max() else { return silence >= patience * 2 }
        // All others stand still because of this one.
        if others.allSatisfy({ intakes[$0].isHeld || intakes[$0].status == .complete }) {
            return now.duration(since: lastMove) >= patience / 2
        }
        // Some still move; or nobody does, and it may be our own line.
        return silence >= (now.duration(since: lastMove) < patience ? patience * 2 : patience * 4)
    }

    /// Counts the checks in which all others are far ahead; true when there were too many.
    private mutating func countLateness(_ id: Int) -> Bool {
        guard correction == .off, isWaitedFor(intakes[id]) else { return false }
        let received = intakes[id].received
        let waiting = intakes.count {
            $0.isHealthy && ($0.isHeld || $0.status == .complete) && $0.received >= received + windowSize
        }
        intakes[id].lateCheckCount = waiting >= requiredShares - 1 && waiting > 0 ? intakes[id].lateCheckCount + 1 : 0
        return intakes[id].lateCheckCount >= Self.lateCheckLimit && isFarFromEnd(id)
    }

    /// Whether a spare, which begins at the delivered position, is worth its start.
    private func isFarFromEnd(_ id: Int) -> Bool {
        size - intakes[id].received > 4 * windowSize
    }
}
