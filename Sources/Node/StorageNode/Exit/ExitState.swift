package import StorageModel

/// How far a node's leaving of one satellite has come; kept on the disk. Times are microseconds since 1970.
package struct ExitState: Codable, Hashable, Sendable {
    /// The steps, in order.
    package enum Step: String, Codable, Hashable, Sendable {
        /// The satellite will be asked.
        case requested
        /// The satellite knows; the node stays online and serves until it says that the exit is over.
        case exiting
        /// The satellite has signed that the exit is complete; the data is being deleted.
        case completed
        /// The exit is complete and the data is gone.
        case deleted
        /// The satellite has signed that the exit failed; nothing was deleted.
        case failed
        /// The satellite does not let the node leave now; nothing was deleted.
        case refused
    }

    /// The satellite, as text.
    package var satellite: String
    /// How far it is.
    package var step: Step
    /// When the farmer asked for it.
    package var requestedAt: Int64
    /// When the satellite first knew of it.
    package var initiatedAt: Int64?
    /// When the satellite was last asked.
    package var askedAt: Int64?
    /// When the satellite says that it ended.
    package var endedAt: Int64?
    /// Why the last question had no answer, or why the satellite refused.
    package var problem: String?
    /// The satellite's signed last word, as it was received: what the held money is claimed with.
    package var receipt: [UInt8]?
    /// Bytes on the disk that became free.
    package var freedBytes: Int64?

    /// Whether the exit is under way or over for good, so that it cannot be begun again.
    package var isBinding: Bool {
        switch step {
        case .requested, .exiting, .completed, .deleted: true
        case .failed, .refused: false
        }
    }
}

/// Why an exit cannot be begun, or an answer to it cannot be used.
package enum ExitError: Error, Hashable, CustomStringConvertible {
    /// The satellite is not one the node works for.
    case unknownSatellite(NodeID)
    /// It is under way or done.
    case alreadyBegun(ExitState.Step)
    /// The satellite does not let nodes leave that are so young.
    case tooYoung(months: Int, joined: Timestamp?)
    /// The satellite says no; its own words.
    case refused(String)
    /// The satellite's answer is none of those that end or continue an exit.
    case unexpectedAnswer(String)

    package var description: String {
        switch self {
        case .unknownSatellite(let id): "this node does not work for satellite \(id)"
        case .alreadyBegun(let step): "the exit is \(step == .requested || step == .exiting ? "under way" : "complete") already"
        case .tooYoung(let months, let joined):
            "the satellite lets nodes leave after \(months) months"
                + (joined.map { ", and this one joined on \($0)" } ?? "")
        case .refused(let reason): "the satellite refuses: \(reason)"
        case .unexpectedAnswer(let what): "the satellite's answer cannot be used: \(what)"
        }
    }
}
