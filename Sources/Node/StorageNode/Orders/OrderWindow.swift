package import StorageModel

/// The orders that are handed in together: those of one satellite whose limits were made in one hour.
///
/// - Source: protocol document 3 §4.1.
package struct OrderWindow: Hashable, Sendable {
    /// Who pays.
    package let satellite: NodeID
    /// The start of the hour, seconds since 1970.
    package let hour: Int64

    /// The window of a limit made at `created`.
    package init(satellite: NodeID, created: Timestamp) {
        self.satellite = satellite
        hour = created.startOfHour.seconds
    }

    /// Parses the name of a file of unsent orders; nil for other files.
    package init?(fileName: String) {
        let parts = fileName.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "unsent", parts[1] == "orders", parts[3].hasSuffix(".v1"),
            let satellite = try? NodeID(text: String(parts[2])), let start = Int64(parts[3].dropLast(3)),
            start % 3_600_000_000_000 == 0
        else { return nil }
        self.satellite = satellite
        hour = start / 1_000_000_000
    }

    /// The name of the file that holds the orders until they are sent.
    package var fileName: String { "unsent-orders-\(satellite)-\(nanoseconds).v1" }

    /// The name of the file that holds the orders after they were sent.
    func archivedFileName(at now: Timestamp, accepted: Bool) -> String {
        let (seconds, overflow) = now.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let archived = overflow ? Int64.max : seconds &+ Int64(now.nanoseconds)
        return "archived-orders-\(satellite)-\(nanoseconds)-\(archived)-\(accepted ? "ACCEPTED" : "REJECTED").v1"
    }

    /// When a file was archived, in nanoseconds since 1970; nil for other files.
    static func archiveTime(fileName: String) -> Int64? {
        let parts = fileName.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "archived", parts[1] == "orders" else { return nil }
        return Int64(parts[4])
    }

    /// The start of the hour in nanoseconds since 1970. Limits are at most an hour from now, so years are ordinary.
    var nanoseconds: Int64 { hour.multipliedReportingOverflow(by: 1_000_000_000).partialValue }
}
