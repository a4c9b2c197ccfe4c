/// What became of one file or object; a line of JSON, or words for people.
package struct TransferRecord: Encodable, Hashable, Sendable {
    /// What was done with it.
    package enum Action: String, Encodable, Hashable, Sendable {
        case upload, download, copy, move, delete

        /// The word for having done it.
        package var past: String {
            switch self {
            case .upload: "uploaded"
            case .download: "downloaded"
            case .copy: "copied"
            case .move: "moved"
            case .delete: "deleted"
            }
        }
    }

    /// What was done.
    package var action: Action
    /// Where it came from; nil for deletions.
    package var source: String?
    /// Where it went to, or what was deleted.
    package var target: String
    /// Bytes of content; nil when that is not known.
    package var size: Int64?
    /// Bytes of content that this run moved, whichever way.
    package var bytesSent: Int64?
    /// Bytes that an earlier run had moved.
    package var bytesResumed: Int64?
    /// How long it took.
    package var seconds: Double?
    /// Whether it was only told, not done.
    package var dryRun: Bool?
    /// The kind of failure, as in other JSON errors; nil when it went well.
    package var error: String?
    /// What went wrong.
    package var message: String?

    /// A record of something that went well.
    package init(_ action: Action, source: String?, target: String, size: Int64? = nil) {
        self.action = action
        self.source = source
        self.target = target
        self.size = size
    }

    /// The line for people.
    package var line: String {
        let verb = dryRun == true ? "would \(action.rawValue)" : action.past
        let what = source.map { "\($0.printable) to \(target.printable)" } ?? target.printable
        return "\(verb) \(what)" + (size.map { " (\(SizeText.human($0)))" } ?? "")
    }
}

/// What became of all; the last line of JSON.
package struct TransferSummary: Encodable, Hashable, Sendable {
    /// Tells this line from those of single items; always true.
    package var summary = true
    /// Items that went well.
    package var files: Int
    /// Items that failed.
    package var failed: Int
    /// Items that were the same already.
    package var unchanged: Int?
    /// Items deleted.
    package var deleted: Int?
    /// Bytes of content of the items that went well.
    package var bytes: Int64
    /// Bytes of content that this run moved, whichever way, failed items included.
    package var bytesSent: Int64
    /// Bytes that an earlier run had moved.
    package var bytesResumed: Int64
    /// How long all took.
    package var seconds: Double
    /// Whether it was only told, not done.
    package var dryRun: Bool?
}
