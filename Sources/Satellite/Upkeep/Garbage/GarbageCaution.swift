package import StorageModel

/// What the satellite remembers in order not to throw away what lives: a value, kept in the database beside the segments.
///
/// A database that was lost, restored from a backup or damaged shows fewer segments than there are. What it says then must
/// not empty anybody's disk, so: nothing remembered and nothing seen sends nothing; far fewer segments than the time before
/// are doubted for a while; and a satellite that finds its own last sign of life long ago holds its filters back, because it
/// may be a backup of itself, and has the nodes' trash restored meanwhile.
package struct GarbageCaution: Hashable, Sendable {
    /// When the satellite last noted that it lives.
    package var lastAlive: Timestamp?
    /// Segments of the last pass that was believed.
    package var segmentCount = 0
    /// When the newest segment ever seen was committed.
    package var newest: Timestamp?
    /// Since when passes see too few segments.
    package var doubtedSince: Timestamp?
    /// Until when nothing is sent.
    package var heldUntil: Timestamp?

    /// Nothing remembered.
    package init() {}

    /// The satellite starts: a long silence may mean that this is a backup.
    package mutating func wake(at now: Timestamp, _ settings: GarbageSettings) {
        if let lastAlive, now.duration(since: lastAlive) > settings.maximumGap {
            heldUntil = now.advanced(by: settings.holdTime)
        }
        lastAlive = now
    }

    /// Whether filters are held back now.
    package mutating func isHeld(at now: Timestamp, _ settings: GarbageSettings) -> Bool {
        guard let until = heldUntil else { return false }
        // A clock that was turned back must not make a hold longer than it was meant.
        heldUntil = min(until, now.advanced(by: settings.holdTime))
        if now < until { return true }
        heldUntil = nil
        return false
    }

    /// What may be sent after a pass.
    ///
    /// - Parameters:
    ///   - seen: segments seen.
    ///   - newest: when the newest of them was committed.
    ///   - start: when the pass began.
    package mutating func judge(
        seen: Int, newest found: Timestamp?, start: Timestamp, _ settings: GarbageSettings
    ) -> GarbageVerdict {
        if Double(seen) < Double(segmentCount) * settings.suspiciousRatio {
            let since = doubtedSince ?? start
            doubtedSince = since
            if start.duration(since: since) < settings.doubtTime { return .doubted(seen: seen, before: segmentCount) }
        }
        doubtedSince = nil
        segmentCount = seen
        guard let latest = [newest, found].compactMap({ $0 }).max() else { return .nothing }
        newest = latest
        // What was committed by a clock that ran ahead must not make the pieces of this hour look old.
        return .send(created: min(latest, start))
    }
}

/// What follows from a pass.
package enum GarbageVerdict: Hashable, Sendable {
    /// Filters go out, dated so.
    case send(created: Timestamp)
    /// There has never been a segment.
    case nothing
    /// Far fewer segments than before: nothing is sent.
    case doubted(seen: Int, before: Int)
}
