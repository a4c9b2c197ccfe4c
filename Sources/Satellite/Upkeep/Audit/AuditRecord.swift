import Overlay
import StorageModel

/// What one audit or reverification adds to the books, all of it in one transaction.
struct AuditRecord: Sendable {
    enum Kind: String, Sendable {
        case stripe
        case disguised
        case reverification
    }

    /// A row of a node's history.
    struct Row: Sendable {
        let holder: PieceHolder
        let result: String
        var detail = ""
    }

    /// What becomes of a pending reverification.
    enum Settlement: Sendable {
        /// The node owes it no longer.
        case settled(PendingReverification)
        /// Asked for, still owed.
        case tried(PendingReverification)
    }

    let place: SegmentPlace
    let kind: Kind
    let at: Timestamp
    /// The segment's root: other pieces are not removed in its stead.
    var rootPieceID: PieceID?
    /// For reputation.
    var outcomes: [(node: NodeID, outcome: AuditOutcome)] = []
    var rows: [Row] = []
    /// Pieces that have to leave the metadata.
    var removals: [PieceHolder] = []
    /// Pieces whose loss is counted here.
    var losses: [PieceHolder] = []
    /// New debts.
    var pending: [PendingReverification] = []
    var settlements: [Settlement] = []
    /// Whether the segment leaves the queue of audits.
    var endsAudit = false

    init(_ place: SegmentPlace, _ kind: Kind, at: Timestamp) {
        self.place = place
        self.kind = kind
        self.at = at
    }

    /// Counts an outcome, with a row unless it is a plain success.
    mutating func add(_ outcome: AuditOutcome, _ holder: PieceHolder, detail: String = "") {
        outcomes.append((holder.node, outcome))
        if outcome != .success || !detail.isEmpty {
            rows.append(Row(holder: holder, result: outcome.word, detail: detail))
        }
    }
}

extension AuditOutcome {
    /// The outcome as it is stored and shown.
    var word: String {
        switch self {
        case .success: "success"
        case .failure: "failure"
        case .unknown: "unknown"
        case .offline: "offline"
        }
    }
}
