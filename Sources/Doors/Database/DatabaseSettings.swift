/// How the database is opened.
package struct DatabaseSettings: Hashable, Sendable {
    /// Bytes of a database page, a power of two; only used when the file is created.
    package var pageSize = 8192
    /// Connections that read at the same time. Each has a cache of its own.
    package var readers = 4
    /// Bytes of page cache of one connection.
    package var cacheBytesPerConnection = 8 << 20
    /// Bytes of write-ahead log after which it is copied back into the database file.
    package var checkpointBytes = 8 << 20
    /// Writes gathered into one commit at most; bounds how long the first of them waits.
    package var maximumWritesPerCommit = 256

    /// The defaults.
    package init() {}
}
