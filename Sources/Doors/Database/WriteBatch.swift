/// Writes that share one transaction.
struct WriteBatch {
    private let writes: [any PendingWrite]
    private let session: SQLSession

    init(_ writes: [any PendingWrite], _ session: SQLSession) {
        self.writes = writes
        self.session = session
    }

    /// Runs every write in its savepoint, commits once and only then answers the callers.
    ///
    /// A refusal is answered after the commit as well, since it may rest on what another write of the batch did.
    func commit() {
        do {
            try session.execute("BEGIN IMMEDIATE")
            let failures = try writes.map { try attempt($0) }
            try session.execute("COMMIT")
            for (write, failure) in zip(writes, failures) { write.finish(failure) }
        } catch {
            abandon(error)
        }
    }

    /// Runs one write; returns its own failure after undoing it, throws when the whole transaction is lost.
    private func attempt(_ write: any PendingWrite) throws -> (any Error)? {
        try session.execute("SAVEPOINT single")
        do {
            try write.run(session)
            try session.execute("RELEASE single")
            return nil
        } catch {
            guard session.isInTransaction else { throw error }
            try session.execute("ROLLBACK TO single")
            try session.execute("RELEASE single")
            return error
        }
    }

    /// Nothing of the batch is stored, and everyone is told why.
    private func abandon(_ error: any Error) {
        var cause = DatabaseError(sqlite: error)
        if session.isInTransaction {
            do {
                try session.execute("ROLLBACK")
            } catch {
                cause = DatabaseError(.failed, "\(cause.message); the rollback failed too: \(error)")
            }
        }
        for write in writes { write.finish(cause) }
    }
}
