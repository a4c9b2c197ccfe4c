import StorageModel

extension DownloadMachine {
    /// How much of `stallTime` is enough for a node that has not sent anything, when all others stand still.
    private static let unheardShare = (numerator: 2, denominator: 5)
    /// How much longer than `stallTime` a silent node may be waited for when every piece is wanted.
    private static let correctionPatience = 8

    /// Time between two checks.
    static func checkInterval(_ settings: TransferSettings) -> Duration { settings.stallTime / 5 }

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
        let late = intakes.indices.filter { isLate($0, now: now) }
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
        let others = intakes.indices.filter { $0 != id && intakes[$0].isHealthy }
        let waiting = others.filter { intakes[$0].isHeld || intakes[$0].status == .complete }
        let isMoving = others.contains {
            isWaitedFor(intakes[$0]) && now.duration(since: intakes[$0].lastProgress) < patience
                && intakes[$0].received > intakes[$0].start
        }
        if isMoving { return silence >= patience * 2 }
        // Nobody moves, and it may be our own line.
        guard let lastMove = waiting.map({ intakes[$0].lastProgress }).max() else { return silence >= patience * 3 }
        // Those that could have moved on, and stand still because of this one and others like it.
        let isUnheard = correction == .off && intakes[id].received == intakes[id].start
        let limit = isUnheard ? patience * Self.unheardShare.numerator / Self.unheardShare.denominator : patience
        return silence >= limit && now.duration(since: lastMove) >= limit / 2
    }

    /// Whether all others have been far ahead of piece `id` for one and a half times the stall time.
    private mutating func isLate(_ id: Int, now: Timestamp) -> Bool {
        guard correction == .off, isWaitedFor(intakes[id]) else { return false }
        let received = intakes[id].received
        let waiting = intakes.count {
            $0.isHealthy && ($0.isHeld || $0.status == .complete) && $0.received >= received + windowSize
        }
        guard waiting > 0, waiting >= requiredShares - 1 else {
            intakes[id].lateSince = nil
            return false
        }
        let since = intakes[id].lateSince ?? now
        intakes[id].lateSince = since
        return now.duration(since: since) >= settings.stallTime * 3 / 2 && isFarFromEnd(id)
    }

    /// Whether a spare, which begins at the delivered position, is worth its start.
    private func isFarFromEnd(_ id: Int) -> Bool {
        size - intakes[id].received > 4 * windowSize
    }
}
