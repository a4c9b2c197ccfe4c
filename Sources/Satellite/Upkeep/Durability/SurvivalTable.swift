import Foundation

/// The likelihood that a segment with some retrievable pieces is lost within the horizon.
///
/// Nodes go independently at a constant rate. While a segment has more pieces than the threshold it only loses some; at
/// the threshold or below it is repaired after `repairDays`, unless it loses the rest before. Both are summed up:
/// for the pieces it has, the likelihood that more than `pieces - required` of them go within the repair time, as
/// often as it comes to the threshold within the horizon. What failures have in common (one operator, one bug, one country)
/// is not in it: it is an order of magnitude for comparing segments and settings, no promise.
package struct SurvivalTable: Sendable {
    /// By retrievable pieces: index 0 up to the total of shares.
    package let lossByPieces: [Double]

    /// The table of a redundancy.
    ///
    /// - Parameters:
    ///   - required: shares needed to read, at least 1.
    ///   - repair: the repair threshold, at least `required`.
    ///   - optimal: the pieces after a repair.
    ///   - total: the most pieces.
    package init(required: Int, repair: Int, optimal: Int, total: Int, _ settings: DurabilitySettings) {
        // The likelihood that one node goes while a repair is under way.
        let gone = 1 - exp(-settings.failuresPerNodeAndDay * settings.repairDays)
        // From the success threshold down to the repair threshold it takes a segment so long, so it comes there so often.
        let daysToThreshold = (repair + 1...max(repair + 1, optimal)).reduce(0.0) { days, pieces in
            days + 1 / (settings.failuresPerNodeAndDay * Double(pieces))
        }
        let atThreshold = Self.tail(pieces: repair, required: required, gone: gone)
        let perCycle = min(1, settings.horizonDays / (daysToThreshold + settings.repairDays)) * atThreshold
        lossByPieces = (0...total).map { pieces in
            if pieces < required { return 1 }
            let now = pieces <= repair ? Self.tail(pieces: pieces, required: required, gone: gone) : 0
            return min(1, now + (1 - now) * perCycle)
        }
    }

    /// The likelihood that of `pieces` fewer than `required` stay, when each goes with likelihood `gone`.
    static func tail(pieces: Int, required: Int, gone: Double) -> Double {
        guard gone > 0 else { return 0 }
        let (logGone, logStay) = (log(gone), log1p(-gone))
        return (pieces - required + 1...pieces).reduce(0.0) { sum, lost in
            let choose = lgamma(Double(pieces + 1)) - lgamma(Double(lost + 1)) - lgamma(Double(pieces - lost + 1))
            return sum + exp(choose + Double(lost) * logGone + Double(pieces - lost) * logStay)
        }
    }
}
