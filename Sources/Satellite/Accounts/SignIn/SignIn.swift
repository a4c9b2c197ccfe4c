package import StorageModel

/// How a sign-in went.
package enum SignInOutcome: Sendable, Hashable {
    /// He is who he says.
    case signedIn(User)
    /// The password is right, and a code of the phone is needed too.
    case codeNeeded
    /// Address, password or code are wrong: which one is not told.
    case refused
    /// Too often wrong: nothing is looked at until then.
    case locked(until: Timestamp)
}

/// What an account's sign-in needs, as a page about it shows.
package struct SignInState: Sendable, Hashable {
    package let hasPassword: Bool
    /// Whether a code of the phone is asked for.
    package let asksForCode: Bool
    /// Recovery codes that are left.
    package let recoveryCodes: Int
    package let isOperator: Bool
    /// Whether somebody who reads mail to its address has said so.
    package let isAddressConfirmed: Bool
}

/// What the room's rules for signing in are.
enum SignInRules {
    /// Wrong answers before the account is locked for a while.
    static let freeAttempts = 5
    /// The first lock; each later one is twice as long.
    static let firstLock = Duration.seconds(30)
    static let longestLock = Duration.seconds(3600)
    /// Characters of a password.
    static let passwordLength = 10...512
    static let recoveryCodeCount = 10

    /// How long an account is locked after so many wrong answers in a row.
    static func lock(after failures: Int64) -> Duration? {
        guard failures >= freeAttempts else { return nil }
        let doublings = min(failures - Int64(freeAttempts), 20)
        return min(firstLock * (1 << doublings), longestLock)
    }
}
