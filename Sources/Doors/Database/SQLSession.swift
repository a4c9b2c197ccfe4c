import GRDB
import GRDBSQLite

/// One transaction's view of the database: valid inside the `read` or `write` closure it is given to.
///
/// Pass constant SQL: every text is prepared once a connection and kept. Placeholders are `?1`, `?2`, … and may repeat.
package struct SQLSession {
    private let connection: GRDB.Database

    init(_ connection: GRDB.Database) { self.connection = connection }

    /// Runs a statement whose rows nobody wants.
    ///
    /// - Returns: how many rows an insert, update or delete changed.
    /// - Throws: `DatabaseError`.
    @discardableResult
    package func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try each(sql, arguments) { _ in true }
        return connection.changesCount
    }

    /// All rows, made into values by `row`.
    package func query<Result>(
        _ sql: String, _ arguments: [SQLValue] = [], _ row: (SQLRow) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try each(sql, arguments) { current in
            results.append(try row(current))
            return true
        }
        return results
    }

    /// The first row made into a value, or nil when there is none.
    package func first<Result>(
        _ sql: String, _ arguments: [SQLValue] = [], _ row: (SQLRow) throws -> Result
    ) throws -> Result? {
        var result: Result?
        try each(sql, arguments) { current in
            result = try row(current)
            return false
        }
        return result
    }

    /// Hands out rows one by one until `row` returns false; nothing is kept in memory.
    package func each(_ sql: String, _ arguments: [SQLValue] = [], _ row: (SQLRow) throws -> Bool) throws {
        let prepared = try prepare(sql)
        let statement = prepared.sqliteStatement
        defer { sqlite3_reset(statement) }
        try bind(arguments, to: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if try !row(SQLRow(statement: statement)) { return }
            case SQLITE_DONE:
                return
            case let code:
                throw failure(code)
            }
        }
    }

    /// The prepared statement for `sql`: the kept one, or a fresh one while that is in the middle of its rows.
    private func prepare(_ sql: String) throws -> Statement {
        do {
            let kept = try connection.cachedStatement(sql: sql)
            return sqlite3_stmt_busy(kept.sqliteStatement) == 0 ? kept : try connection.makeStatement(sql: sql)
        } catch {
            throw DatabaseError(sqlite: error)
        }
    }

    private func bind(_ arguments: [SQLValue], to statement: OpaquePointer) throws {
        precondition(
            Int(sqlite3_bind_parameter_count(statement)) == arguments.count,
            "a statement gets as many arguments as it has placeholders")
        for (index, argument) in arguments.enumerated() {
            let code = argument.bind(to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(code: code, text: connection.lastErrorMessage ?? "no message")
    }
}

extension SQLSession {
    /// Whether a transaction is open: some failures end it behind our back.
    var isInTransaction: Bool { connection.isInsideTransaction }

    /// Runs `body` in a transaction that only reads.
    func snapshot<Result>(restricted: Bool, _ body: (SQLSession) throws -> Result) throws -> Result {
        if restricted { try execute("PRAGMA query_only = 1") }
        try execute("BEGIN DEFERRED")
        let outcome = Swift.Result { try body(self) }
        if isInTransaction { try execute("COMMIT") }
        if restricted { try execute("PRAGMA query_only = 0") }
        return try outcome.get()
    }
}

extension SQLValue {
    /// Tells SQLite to copy the bytes before the call returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Binds this value; returns SQLite's result code.
    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let value): sqlite3_bind_int64(statement, index, value)
        case .real(let value): sqlite3_bind_double(statement, index, value)
        case .text(let value): Self.bind(text: value, to: statement, at: index)
        // An empty array has no address, and SQLite takes no address for NULL.
        case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
        case .blob(let bytes): Self.bind(blob: bytes, to: statement, at: index)
        }
    }

    private static func bind(text: String, to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                let start = characters.baseAddress
                return start == nil
                    ? sqlite3_bind_text(statement, index, "", 0, copied)
                    : sqlite3_bind_text64(
                        statement, index, start, sqlite3_uint64(characters.count), copied, UInt8(SQLITE_UTF8))
            }
        }
    }

    private static func bind(blob: [UInt8], to statement: OpaquePointer, at index: Int32) -> Int32 {
        blob.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(statement, index, bytes.baseAddress, sqlite3_uint64(bytes.count), copied)
        }
    }
}
