import Accounting
import StorageModel

/// What a project's buckets held from day to day, from the bookings that invoices are made of.
struct UsageHistory: Sendable {
    /// What one bucket held at its last booking.
    struct BucketNow: Sendable, Hashable {
        let name: [UInt8]
        let bytes: Int64
        let objects: Int64
        fileprivate let end: Int64
    }

    static let secondsPerDay: Int64 = 86_400

    /// The first second of each day, the oldest first.
    let days: [Int64]
    /// Bytes held on average on each day, over the part of it that was booked; nil for days without a booking.
    let averageBytes: [Double?]
    /// Buckets of the last booking, the largest first.
    let buckets: [BucketNow]

    /// - Parameters:
    ///   - first: first second of the first day, since 1970.
    ///   - tallies: of one project, cut to the days.
    init(first: Int64, count: Int, tallies: [BucketTally]) {
        days = (0..<count).map { first + Int64($0) * Self.secondsPerDay }
        var byteSeconds = [Double](repeating: 0, count: count)
        // Every bucket is booked over the same stretches: each stretch counts once.
        var booked = [Set<Stretch>](repeating: [], count: count)
        var latest: [[UInt8]: BucketNow] = [:]
        for tally in tallies where tally.end > tally.start {
            for day in days.indices {
                let start = max(tally.start, days[day])
                let end = min(tally.end, days[day] + Self.secondsPerDay)
                guard end > start else { continue }
                byteSeconds[day] += Double(tally.bytes) * Double(end - start)
                booked[day].insert(Stretch(start: start, end: end))
            }
            if (latest[tally.bucket]?.end ?? .min) < tally.end {
                latest[tally.bucket] = BucketNow(
                    name: tally.bucket, bytes: tally.bytes, objects: tally.objects, end: tally.end)
            }
        }
        averageBytes = days.indices.map { day in
            let seconds = booked[day].reduce(0) { $0 + $1.end - $1.start }
            return seconds > 0 ? byteSeconds[day] / Double(seconds) : nil
        }
        let lastBooking = latest.values.map(\.end).max()
        buckets = latest.values.filter { $0.end == lastBooking }
            .sorted { left, right in
                left.bytes == right.bytes
                    ? left.name.lexicographicallyPrecedes(right.name) : left.bytes > right.bytes
            }
    }

    private struct Stretch: Hashable {
        let start: Int64
        let end: Int64
    }
}
