import Foundation
import StorageModel

extension Timestamp {
    /// The moment as answers carry it.
    var date: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1_000_000_000) }
}
