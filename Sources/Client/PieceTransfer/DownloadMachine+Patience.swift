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

    private func isStalled(_ id: Int, now: Timestamp) -> Bool {
        let intake = intakes[id]
        guard isWaitedFor(intake) else { return false }
        let patience = settings.stallTime * (correction == .on ? Self.correctionPatience : 1)
        let silence = now.duration(since: intake.lastProgress)
        guard silence >= patience else { return false }
        // Others moved since, or have stopped because of this one. When nobody moves it may be our own line.
        let othersMove = intakes.indices.contains { other in
            other != id && intakes[other].status != .failed
                && (intakes[other].isHeld || intakes[other].status == .complete
                    || now.duration(since: intakes[other].lastProgress) < settings.stallTime)
        }
        return othersMove || silence >= patience * 2
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
