import GRDB
import GRDBSQLite

/// What the database refuses or fails at. Texts name tables and columns, never values.
package struct DatabaseError: Error, Hashable, CustomStringConvertible {
    /// The closed list of causes.
    package enum Kind: Hashable, Sendable {
        /// Another process holds the database.
        case busy
        /// The disk is full.
        case full
        /// A unique key, foreign key, check or not-null rule refused the change.
        case constraint
        /// The file, or a row in it, is not what was written.
        case corrupt
        /// The database was written by a newer program.
        case newerSchema
        /// A migration was edited after it had been applied.
        case changedMigration
        /// A read tried to write, or the file may not be written.
        case readOnly
        /// The database was closed.
        case closed
        /// Anything else: bad SQL, an input or output error.
        case failed
    }

    /// What went wrong.
    package let kind: Kind
    /// One sentence for an operator.
    package let message: String
    /// Whether the same call can succeed later without anyone changing the program or the data.
    package let isTransient: Bool

    /// An error with an explicit kind.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        isTransient = kind == .busy || kind == .full
    }

    package var description: String { "database: \(message)" }
}

extension DatabaseError {
    /// From SQLite's primary result code and text.
    init(code: Int32, text: String) {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self.init(.busy, text)
        case SQLITE_FULL: self.init(.full, text)
        case SQLITE_CONSTRAINT: self.init(.constraint, text)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self.init(.corrupt, text)
        case SQLITE_READONLY: self.init(.readOnly, text)
        case SQLITE_MISUSE: self.init(.closed, text)
        default: self.init(.failed, "\(text) (code \(code))")
        }
    }

    /// From what GRDB threw.
    init(sqlite error: any Error) {
        if let error = error as? DatabaseError {
            self = error
        } else if let error = error as? GRDB.DatabaseError {
            self.init(code: error.extendedResultCode.rawValue, text: error.message ?? "no message")
        } else {
            self.init(.failed, "\(error)")
        }
    }

    /// GRDB's errors become ours, a room's own errors stay what they are.
    static func translate(_ error: any Error) -> any Error {
        error is GRDB.DatabaseError ? DatabaseError(sqlite: error) : error
    }
}
