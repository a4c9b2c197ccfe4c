package import Foundation
package import Uplink

/// What a command that moves data was told.
package struct TransferOptions: Sendable {
    /// Files and objects on their way at once.
    package var transfers = 16
    /// Segments of one object on their way at once; nil for the library's choice.
    package var parallelism: Int?
    /// Whether all pieces of what is downloaded are fetched from the start, and wrong ones corrected.
    package var correctsErrors = false
    /// Whether it is shown how far the transfers are.
    package var showsProgress = true
    /// Which names below a folder or prefix take part.
    package var filter = NameFilter.everything
    /// Which bytes of objects are downloaded.
    package var range = DownloadRange.all
    /// Metadata for what is uploaded, and in place of what is copied when it is not nil.
    package var metadata: [String: String]?
    /// When what is uploaded disappears by itself.
    package var expires: Date?
    /// Whether the source is deleted once its content has safely arrived.
    package var removesSource = false
    /// Whether nothing is changed, only told.
    package var isDryRun = false
    /// Whether downloaded files are forced to the disk before they are called done.
    package var synchronizes = false
    /// From how many bytes on a transfer can be continued after an interruption; nil for never.
    package var resumeThreshold: Int64? = 128 << 20
    /// Whether each finished item is told.
    package var isVerbose = false

    /// The defaults.
    package init() {}

    /// Whether a transfer of this size can be continued after an interruption. One of unknown size can be big.
    package func resumes(size: Int64?) -> Bool {
        guard let resumeThreshold, range == .all else { return false }
        return size.map { $0 >= resumeThreshold } ?? true
    }
}
