/// How far a command's transfers are, at one moment.
package struct ProgressSnapshot: Hashable, Sendable {
    /// Files that are done.
    package var filesDone = 0
    /// Files that failed.
    package var filesFailed = 0
    /// Files found so far.
    package var filesTotal = 0
    /// Bytes that have arrived, those of an earlier run and of unfinished files among them.
    package var bytesDone: Int64 = 0
    /// Of `bytesDone`, those that an earlier run had moved.
    package var bytesResumed: Int64 = 0
    /// Bytes of the files found so far, as far as their sizes are known.
    package var bytesTotal: Int64 = 0
    /// Files found so far whose size is not known.
    package var unknownSizes = 0
    /// Whether all files have been found.
    package var isListingComplete = false

    /// Nothing has happened yet.
    package init() {}

    /// Whether `bytesTotal` is all there is.
    package var isTotalKnown: Bool { isListingComplete && unknownSizes == 0 }

    /// Bytes that this run has moved.
    package var bytesMoved: Int64 { bytesDone - bytesResumed }

    /// How much is done, in 0...1; nil as long as it is not known how much there is.
    package var fraction: Double? {
        guard isTotalKnown else { return nil }
        // Empty files have no bytes to count.
        guard bytesTotal > 0 else { return filesTotal > 0 ? min(1, Double(filesDone) / Double(filesTotal)) : nil }
        return min(1, max(0, Double(bytesDone) / Double(bytesTotal)))
    }
}
