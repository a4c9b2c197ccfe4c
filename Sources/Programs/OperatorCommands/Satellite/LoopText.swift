import AdminAPI
import Foundation

/// The pass over all segments in words.
enum LoopText {
    /// Where it stands, in one line.
    static func line(_ loop: LoopAnswer, now: Date) -> String {
        if loop.isRunning { return "under way: \(progress(loop))" }
        guard let last = loop.last else { return "none yet" }
        return "\(Wording.number(last.segmentCount)) segments in \(Wording.duration(last.seconds)), "
            + "\(Wording.ago(last.end, now: now))"
    }

    /// How far a pass under way is.
    static func progress(_ loop: LoopAnswer) -> String {
        let seen = Wording.number(loop.segmentCount)
        guard let share = loop.share, let last = loop.last else { return "\(seen) segments" }
        return "\(Int(share * 100)) % (\(seen) of about \(Wording.number(last.segmentCount)) segments)"
    }
}
