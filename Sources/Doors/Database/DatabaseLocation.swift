/// Where a database lives.
package enum DatabaseLocation: Hashable, Sendable {
    /// In this file (and `-wal`, `-shm` beside it); its folder exists.
    case file(path: String)
    /// In memory, gone when closed: for tests. Reads wait for writes there, nothing else differs.
    case memory
}
