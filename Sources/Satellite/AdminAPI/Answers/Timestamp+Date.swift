import Foundation
import StorageModel

extension Timestamp {
    /// The moment as answers carry it.
    var date: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1_000_000_000) }

    /// The moment of an operator's request, to the second.
    init(_ date: Date) { self.init(microseconds: Int64(exactly: (date.timeIntervalSince1970).rounded(.down) * 1e6) ?? .max) }
}
