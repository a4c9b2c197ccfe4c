import Database
package import Heartbeats
package import StorageModel

/// A period in the satellite's books.
package struct PeriodRecord: Sendable, Hashable {
    /// How far it is.
    package enum State: Int, Sendable {
        /// The sets are being made.
        case preparing = 0
        /// Nodes are asked to sign.
        case committing = 1
        /// The beacon is public; nodes are asked for chunks.
        case challenging = 2
        /// The report is published.
        case published = 3
    }

    /// Its number: the second in which it began, so that a satellite restored from a backup never gives one out again.
    package let number: UInt64
    package internal(set) var state: State
    /// Public once nodes are challenged.
    let secret: Bytes32
    package let start: Timestamp
    /// After that the beacon is made without those who have not signed.
    package let commitUntil: Timestamp
    package let end: Timestamp
    /// The moment whose pieces are meant; nil while the sets are being made.
    package internal(set) var asOf: Timestamp?
    package let sampleCount: UInt32
    /// The root over what nodes have signed; nil before it is fixed.
    package internal(set) var commitmentsRoot: Bytes32?
    /// When the beacon was fixed.
    package internal(set) var challengedAt: Timestamp?
    /// Root of the report; nil before it is published.
    package internal(set) var reportRoot: Bytes32?
    /// Nodes by verdict, once it is published.
    package internal(set) var counts = VerdictCounts()

    /// What nodes sign of it. A period that ended before its sets were made has no pieces of any moment.
    func head(satellite: NodeID) -> HeartbeatPeriod {
        HeartbeatPeriod(
            satellite: satellite, number: number, start: start, end: end, asOf: asOf ?? start,
            secretHash: Beacon.secretHash(secret))
    }

    /// The beacon; nil before it is fixed.
    package var beacon: Bytes32? { commitmentsRoot.map { Beacon.make(secret: secret, commitmentsRoot: $0) } }
}

/// Nodes by verdict.
package struct VerdictCounts: Sendable, Hashable {
    package var passed = 0
    package var failed = 0
    package var unreachable = 0
    package var pending = 0
    package var void = 0

    /// None.
    package init() {}

    /// Counts verdicts.
    package init(_ verdicts: some Sequence<HeartbeatVerdict>) {
        for verdict in verdicts {
            switch verdict {
            case .passed: passed += 1
            case .failed: failed += 1
            case .unreachable: unreachable += 1
            case .pending: pending += 1
            case .void: void += 1
            }
        }
    }
}

extension PeriodRecord {
    private static let columns = """
        number, state, secret, start_at, commit_until, end_at, as_of, sample_count, commitments_root, challenged_at,
        report_root, passed, failed, unreachable, void
        """

    private static let insertText = """
        INSERT INTO heartbeat_periods (\(columns))
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (number) DO UPDATE SET state = excluded.state, as_of = excluded.as_of,
            commitments_root = excluded.commitments_root, challenged_at = excluded.challenged_at,
            report_root = excluded.report_root, passed = excluded.passed, failed = excluded.failed,
            unreachable = excluded.unreachable, void = excluded.void
        """

    private static let newestText =
        "SELECT \(columns) FROM heartbeat_periods WHERE number < ?1 ORDER BY number DESC LIMIT ?2"
    private static let oneText = "SELECT \(columns) FROM heartbeat_periods WHERE number = ?1"

    /// Periods before a number, newest first.
    static func newest(before number: Int64, limit: Int, in session: SQLSession) throws -> [PeriodRecord] {
        try session.query(newestText, [.integer(number), SQLValue(limit)]) { try PeriodRecord($0) }
    }

    /// A period; nil when there is none with that number.
    static func fetch(_ number: UInt64, in session: SQLSession) throws -> PeriodRecord? {
        try session.first(oneText, [.integer(Int64(clamping: number))]) { try PeriodRecord($0) }
    }

    /// Writes the row; the secret and the times never change.
    func save(in session: SQLSession) throws {
        try session.execute(
            Self.insertText,
            [
                .integer(Int64(clamping: number)), SQLValue(state.rawValue), .blob(secret.bytes), SQLValue(start),
                SQLValue(commitUntil), SQLValue(end), SQLValue(asOf), SQLValue(sampleCount),
                SQLValue(commitmentsRoot?.bytes), SQLValue(challengedAt), SQLValue(reportRoot?.bytes),
                SQLValue(counts.passed), SQLValue(counts.failed), SQLValue(counts.unreachable), SQLValue(counts.void),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(1)), let secret = Bytes32(row.blob(2)) else {
            throw DatabaseError(.corrupt, "a heartbeat period does not parse")
        }
        number = UInt64(clamping: row.integer(0))
        self.state = state
        self.secret = secret
        start = row.timestamp(3)
        commitUntil = row.timestamp(4)
        end = row.timestamp(5)
        asOf = row.optionalTimestamp(6)
        sampleCount = UInt32(clamping: row.integer(7))
        commitmentsRoot = row.optionalBlob(8).flatMap { Bytes32($0) }
        challengedAt = row.optionalTimestamp(9)
        reportRoot = row.optionalBlob(10).flatMap { Bytes32($0) }
        counts.passed = row.int(11)
        counts.failed = row.int(12)
        counts.unreachable = row.int(13)
        counts.void = row.int(14)
    }
}
