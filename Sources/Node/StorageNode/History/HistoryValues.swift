package import StorageModel

/// How long the rows of a history are.
package enum HistorySpan: Int64, Sendable {
    /// An hour; kept for a week.
    case hour = 3600
    /// A day in UTC; kept for ever.
    case day = 86400

    /// The start of the span that a moment lies in, seconds since 1970.
    package func start(of moment: Timestamp) -> Int64 {
        let rest = moment.seconds % rawValue
        return moment.seconds - (rest < 0 ? rest + rawValue : rest)
    }
}

/// What moved in a span, by satellite and action.
package struct TrafficRow: Hashable, Sendable {
    package let satellite: NodeID
    /// Seconds since 1970.
    package let start: Int64
    /// The action's number on the wire: 1 upload, 2 download, 3 audit, 4 repair's download, 5 repair's upload.
    package let action: Int32
    /// What orders paid for.
    package let bytes: Int64
    package let transfers: Int64

    /// A row.
    package init(satellite: NodeID, start: Int64, action: Int32, bytes: Int64, transfers: Int64) {
        self.satellite = satellite
        self.start = start
        self.action = action
        self.bytes = bytes
        self.transfers = transfers
    }
}

/// What was stored for a satellite in a span.
package struct SpaceRow: Hashable, Sendable {
    package let satellite: NodeID
    /// Seconds since 1970.
    package let start: Int64
    /// Content, summed over time while the node ran.
    package let byteHours: Int64
    /// As last looked at: content alone, content with what is kept beside it, the trash, the number of pieces.
    package let content: Int64
    package let live: Int64
    package let trash: Int64
    package let pieces: Int64

    /// A row.
    package init(
        satellite: NodeID, start: Int64, byteHours: Int64, content: Int64, live: Int64, trash: Int64, pieces: Int64
    ) {
        self.satellite = satellite
        self.start = start
        self.byteHours = byteHours
        self.content = content
        self.live = live
        self.trash = trash
        self.pieces = pieces
    }
}

/// How long the node ran in a span.
package struct UptimeRow: Hashable, Sendable {
    /// Seconds since 1970.
    package let start: Int64
    /// Seconds that it ran.
    package let seconds: Int64
    /// Seconds of these in which its last check-in with every satellite had succeeded.
    package let reached: Int64

    /// A row.
    package init(start: Int64, seconds: Int64, reached: Int64) {
        self.start = start
        self.seconds = seconds
        self.reached = reached
    }
}

/// What a satellite said of the node.
package struct ReputationRow: Hashable, Sendable {
    package let satellite: NodeID
    /// The day, seconds since 1970.
    package var start: Int64
    package var audits: Int64
    package var successes: Int64
    /// In millionths of 1.
    package var auditScore: Int64
    package var unknownScore: Int64
    package var onlineScore: Int64
    package var joinedAt: Timestamp?
    package var vettedAt: Timestamp?
    package var suspendedAt: Timestamp?
    package var offlineSuspendedAt: Timestamp?
    package var underReviewAt: Timestamp?
    package var disqualifiedAt: Timestamp?
    package var askedAt: Timestamp

    /// A standing that nobody doubts.
    package init(satellite: NodeID, start: Int64, askedAt: Timestamp) {
        self.satellite = satellite
        self.start = start
        self.askedAt = askedAt
        (audits, successes) = (0, 0)
        (auditScore, unknownScore, onlineScore) = (1_000_000, 1_000_000, 1_000_000)
    }
}
