/// What the shell learns of how a command ended.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Everything was done.
    case success = 0
    /// Something failed; standard error says what.
    case failure = 1
    /// There is no such bucket or object.
    case notFound = 3
    /// The grant does not allow it, or is not one.
    case denied = 4
    /// The satellite or too many nodes do not answer.
    case unreachable = 5
    /// The passphrase is not the one the data was stored with.
    case wrongPassphrase = 6
    /// Some of several objects failed.
    case partial = 7
    /// The command line is wrong.
    case usage = 64
    /// Interrupted by a signal.
    case interrupted = 130
}
