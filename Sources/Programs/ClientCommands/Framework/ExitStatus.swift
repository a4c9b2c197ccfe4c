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
    /// A setting in the environment or the settings file is wrong.
    case settings = 78
    /// Interrupted by a signal.
    case interrupted = 130

    /// The name in JSON, stable.
    package var name: String {
        switch self {
        case .success: "success"
        case .failure: "failure"
        case .notFound: "notFound"
        case .denied: "denied"
        case .unreachable: "unreachable"
        case .wrongPassphrase: "wrongPassphrase"
        case .partial: "partial"
        case .usage: "usage"
        case .settings: "settings"
        case .interrupted: "interrupted"
        }
    }

    /// One line for `--help`.
    package static let summary = """
        Exit codes: 0 done, 1 failed, 3 no such bucket or object, 4 not allowed or not a grant, 5 satellite or nodes \
        unreachable, 6 wrong passphrase, 7 some of several failed, 64 wrong command line, 78 wrong settings, 130 interrupted.
        """
}
