import Synchronization
import Uplink

/// Prints and counts what became of each object of a deletion.
final class RemovalTally: Sendable {
    private struct Counts {
        var deleted = 0
        var missing = 0
        var failed: [DeletionResult.Outcome] = []
        var unreadable = 0
    }

    private let session: CommandSession
    private let isDryRun: Bool
    private let counts = Mutex(Counts())

    init(_ session: CommandSession, isDryRun: Bool) {
        self.session = session
        self.isDryRun = isDryRun
    }

    /// Takes one outcome.
    ///
    /// - Parameter isHidden: whether a delete marker hides what is still stored.
    func add(
        _ place: RemotePath, version: ObjectVersion?, _ outcome: DeletionResult.Outcome, isHidden: Bool = false
    ) throws {
        counts.withLock { counts in
            switch outcome {
            case .deleted: counts.deleted += 1
            case .notFound: counts.missing += 1
            case .permissionDenied, .locked, .failed: counts.failed.append(outcome)
            }
        }
        if session.isJSON {
            try session.output.json(
                RemovedObject(
                    bucket: place.bucket, key: place.key, versionId: version?.description,
                    outcome: isDryRun && outcome == .deleted ? "would_delete" : isHidden ? "hidden" : outcome.name))
        } else if outcome == .deleted {
            let what = "\(place.description.printable)\(version.map { " version \($0)" } ?? "")"
            let note = isHidden ? " (hidden; older versions are kept)" : ""
            try session.output.line("\(isDryRun ? "Would remove" : "Removed") \(what)\(note)")
        } else if outcome != .notFound {
            session.messages.note("storj: \(place.description.printable): \(outcome.reason)")
        }
    }

    /// Takes objects that were left because their keys do not decrypt.
    func addUnreadable(_ count: Int) {
        counts.withLock { $0.unreadable += count }
    }

    /// Prints the summary.
    ///
    /// - Parameter missingIsFailure: whether nothing to delete is a failure.
    /// - Throws: `CommandFailure` when something was not deleted.
    func finish(showsSummary: Bool, missingIsFailure: Bool) throws {
        let counts = counts.withLock { $0 }
        if showsSummary, !session.isJSON {
            try session.output.line("\(isDryRun ? "Would remove" : "Removed") \(counts.deleted).")
        }
        if counts.unreadable > 0 {
            session.messages.note(
                "storj: \(counts.unreadable) left, whose keys do not decrypt with this passphrase; --encrypted reaches them"
            )
        }
        if let first = counts.failed.first {
            let total = counts.deleted + counts.failed.count
            let isUniform = counts.failed.allSatisfy { $0 == first }
            throw CommandFailure(
                counts.deleted == 0 && isUniform ? first.status : .partial,
                "\(counts.failed.count) of \(total) could not be removed: \(first.reason)")
        }
        if missingIsFailure, counts.missing > 0 {
            throw CommandFailure(
                .notFound, counts.missing == 1 ? "there is nothing to remove" : "\(counts.missing) were not there",
                advice: "With --force that is no failure")
        }
        if counts.unreadable > 0 { throw CommandFailure(.partial, "not everything was removed") }
    }
}

/// What became of an object, as JSON.
private struct RemovedObject: Encodable {
    let bucket: String
    let key: String
    let versionId: String?
    let outcome: String
}

extension DeletionResult.Outcome {
    /// The outcome in one word, stable.
    fileprivate var name: String {
        switch self {
        case .deleted: "deleted"
        case .notFound: "not_found"
        case .permissionDenied: "denied"
        case .locked: "locked"
        case .failed: "failed"
        }
    }

    /// Why something is still there.
    fileprivate var reason: String {
        switch self {
        case .deleted, .notFound: ""
        case .permissionDenied: "the grant does not allow to delete it"
        case .locked: "retention or a legal hold protects it"
        case .failed: "the satellite failed; trying again may help"
        }
    }

    /// What the shell learns when nothing else happened.
    fileprivate var status: ExitStatus { self == .permissionDenied ? .denied : .failure }
}
