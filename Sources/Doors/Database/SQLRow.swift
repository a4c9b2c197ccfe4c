import GRDBSQLite
package import StorageModel

/// The row a statement stands on: valid inside the closure it is given to.
///
/// Columns count from 0. Reading NULL through a function that is not `optional…` is a bug and stops the program.
package struct SQLRow {
    let statement: OpaquePointer

    /// Whether the column is NULL.
    package func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }

    /// A 64-bit integer.
    package func integer(_ column: Int) -> Int64 {
        expectValue(column)
        return sqlite3_column_int64(statement, Int32(column))
    }

    /// An integer as `Int`, which has 64 bits on every machine this runs on.
    package func int(_ column: Int) -> Int { Int(integer(column)) }

    /// Whether the integer is not 0.
    package func bool(_ column: Int) -> Bool { integer(column) != 0 }

    /// A floating-point number.
    package func real(_ column: Int) -> Double {
        expectValue(column)
        return sqlite3_column_double(statement, Int32(column))
    }

    /// Unicode text.
    package func text(_ column: Int) -> String {
        expectValue(column)
        guard let start = sqlite3_column_text(statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Bytes.
    package func blob(_ column: Int) -> [UInt8] {
        expectValue(column)
        return withBytes(column) { Array($0) }
    }

    /// A moment kept as microseconds since 1970.
    package func timestamp(_ column: Int) -> Timestamp { Timestamp(microseconds: integer(column)) }

    /// An id of exactly the right length.
    ///
    /// - Throws: `DatabaseError` with kind `corrupt` for any other length.
    package func id<ID: FixedBytesID>(_ column: Int, as type: ID.Type = ID.self) throws -> ID {
        expectValue(column)
        guard let id = withBytes(column, { ID($0) }) else {
            throw DatabaseError(.corrupt, "column \(name(column)) holds an id of a wrong length")
        }
        return id
    }

    /// An integer or nil.
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    /// An integer or nil.
    package func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    /// Text or nil.
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    /// Bytes or nil.
    package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    /// A moment or nil.
    package func optionalTimestamp(_ column: Int) -> Timestamp? { isNull(column) ? nil : timestamp(column) }
    /// An id or nil; throws as `id` does.
    package func optionalID<ID: FixedBytesID>(_ column: Int, as type: ID.Type = ID.self) throws -> ID? {
        isNull(column) ? nil : try id(column, as: type)
    }

    private func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // SQLite keeps the bytes until the statement moves on, which cannot happen before `body` returns.
        let start = sqlite3_column_blob(statement, Int32(column))
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private func expectValue(_ column: Int) {
        precondition(!isNull(column), "a column that may be NULL is read through an optional function")
    }

    private func name(_ column: Int) -> String {
        sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? "\(column)"
    }
}
