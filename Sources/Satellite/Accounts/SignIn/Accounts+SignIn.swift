import Crypto
import Database
import Foundation
import StorageModel

/// What is kept of an account's sign-in.
struct SignInRow: Sendable {
    var password: String?
    var codeSecret: [UInt8]?
    var isCodeConfirmed = false
    var lastStep: Int64 = 0
    var failures: Int64 = 0
    var lockedUntil: Timestamp?
    var isOperator = false

    static func fetch(_ user: UserID, in session: SQLSession) throws -> SignInRow? {
        try session.first(
            """
            SELECT password, code_secret, is_code_confirmed, last_step, failures, locked_until, is_operator
            FROM sign_ins WHERE user_id = ?1
            """, [SQLValue(user)]
        ) { row in
            SignInRow(
                password: row.optionalText(0), codeSecret: row.optionalBlob(1), isCodeConfirmed: row.bool(2),
                lastStep: row.integer(3), failures: row.integer(4), lockedUntil: row.optionalTimestamp(5),
                isOperator: row.bool(6))
        }
    }

    func write(_ user: UserID, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO sign_ins
                (user_id, password, code_secret, is_code_confirmed, last_step, failures, locked_until, is_operator)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (user_id) DO UPDATE SET password = ?2, code_secret = ?3, is_code_confirmed = ?4,
                last_step = ?5, failures = ?6, locked_until = ?7, is_operator = ?8
            """,
            [
                SQLValue(user), SQLValue(password), SQLValue(codeSecret), SQLValue(isCodeConfirmed),
                SQLValue(lastStep), SQLValue(failures), SQLValue(lockedUntil), SQLValue(isOperator),
            ])
    }
}

extension Accounts {
    /// Opens an account that signs in with a password.
    ///
    /// - Throws: `AccountsError` `.invalid`, `.alreadyExists`, `.busy`; `DatabaseError`.
    package func signUp(email: String, name: String, password: String) async throws -> User {
        try Self.validate(password: password)
        let encoded = try await passwords.hash(password)
        let user = try await createUser(email: Self.normalized(email), name: name)
        try await database.write { session in try SignInRow(password: encoded).write(user.id, in: session) }
        return user
    }

    /// Gives an account a new password, which ends all its sessions.
    ///
    /// - Throws: `AccountsError` `.invalid`, `.notFound`, `.busy`; `DatabaseError`.
    package func setPassword(_ password: String, of user: UserID) async throws {
        try Self.validate(password: password)
        let encoded = try await passwords.hash(password)
        try await changeSignIn(of: user) { row, session in
            row.password = encoded
            row.failures = 0
            row.lockedUntil = nil
            try session.execute("DELETE FROM web_sessions WHERE user_id = ?1", [SQLValue(user)])
        }
    }

    /// Whether a password is an account's, for what asks for it again.
    ///
    /// - Throws: `AccountsError` `.busy`; `DatabaseError`.
    package func isPassword(_ password: String, of user: UserID) async throws -> Bool {
        let row = try await database.read { try SignInRow.fetch(user, in: $0) }
        return try await passwords.isRight(password, encoded: row?.password)
    }

    /// Makes an account an operator's, or an ordinary one again.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func setOperator(_ isOperator: Bool, user: UserID) async throws {
        try await changeSignIn(of: user) { row, _ in row.isOperator = isOperator }
    }

    /// The accounts of operators, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func operators() async throws -> [User] {
        try await database.read { session in
            try session.query(
                """
                SELECT \(User.columns) FROM users
                WHERE id IN (SELECT user_id FROM sign_ins WHERE is_operator = 1) ORDER BY created_at, id
                """
            ) { try User($0) }
        }
    }

    /// What an account's sign-in needs.
    ///
    /// - Throws: `DatabaseError`.
    package func signInState(of user: UserID) async throws -> SignInState {
        try await database.read { session in
            let row = try SignInRow.fetch(user, in: session) ?? SignInRow()
            let left = try session.first(
                "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1", [SQLValue(user)]) { $0.int(0) }
            let confirmed = try session.first(
                "SELECT 1 FROM sign_ins WHERE user_id = ?1 AND confirmed_at IS NOT NULL", [SQLValue(user)]) { _ in true }
            return SignInState(
                hasPassword: row.password != nil, asksForCode: row.isCodeConfirmed, recoveryCodes: left ?? 0,
                isOperator: row.isOperator, isAddressConfirmed: confirmed ?? false)
        }
    }

    /// Checks who signs in. Wrong answers lock the account for longer and longer; which part was wrong is not told, and
    /// an address without an account takes as long as one with.
    ///
    /// - Parameter code: six digits of the phone, or a recovery code; nil before it was asked for.
    /// - Throws: `AccountsError` `.busy`; `DatabaseError`.
    package func signIn(email: String, password: String, code: String?) async throws -> SignInOutcome {
        let now = clock.now()
        let email = Self.normalized(email)
        let found = try await database.read { session -> (User, SignInRow)? in
            guard let user = try User.fetch(email: email, in: session),
                let row = try SignInRow.fetch(user.id, in: session)
            else { return nil }
            return (user, row)
        }
        // Before anything is told, so that a locked account takes as long as one that there is not.
        let isRight = try await passwords.isRight(password, encoded: found?.1.password)
        if let locked = found?.1.lockedUntil, locked > now { return .locked(until: locked) }
        guard let (user, _) = found else { return .refused }
        let digest = code.map(Self.recoveryDigest)
        return try await database.write { session in
            guard var row = try SignInRow.fetch(user.id, in: session) else { return .refused }
            // Others may have guessed meanwhile.
            if let locked = row.lockedUntil, locked > now { return .locked(until: locked) }
            guard isRight, !user.isDisabled else { return try Self.refuse(&row, user.id, now, in: session) }
            if row.isCodeConfirmed, let secret = row.codeSecret {
                guard let code, let digest else { return .codeNeeded }
                if let step = OneTimeCode(secret: secret).step(of: code, at: now, after: row.lastStep) {
                    row.lastStep = step
                } else if try session.execute(
                    "DELETE FROM recovery_codes WHERE user_id = ?1 AND digest = ?2", [SQLValue(user.id), .blob(digest)])
                    == 0
                {
                    return try Self.refuse(&row, user.id, now, in: session)
                }
            }
            row.failures = 0
            row.lockedUntil = nil
            try row.write(user.id, in: session)
            return .signedIn(user)
        }
    }

    private static func refuse(
        _ row: inout SignInRow, _ user: UserID, _ now: Timestamp, in session: SQLSession
    ) throws -> SignInOutcome {
        row.failures += 1
        row.lockedUntil = SignInRules.lock(after: row.failures).map { now.advanced(by: $0).truncatedToMicroseconds }
        try row.write(user, in: session)
        return .refused
    }

    func changeSignIn(
        of user: UserID, _ change: @escaping @Sendable (inout SignInRow, SQLSession) throws -> Void
    ) async throws {
        try await database.write { session in
            guard try User.fetch(user, in: session) != nil else {
                throw AccountsError(.notFound, "there is no user \(user)")
            }
            var row = try SignInRow.fetch(user, in: session) ?? SignInRow()
            try change(&row, session)
            try row.write(user, in: session)
        }
    }

    static func validate(password: String) throws {
        guard SignInRules.passwordLength.contains(password.utf8.count) else {
            throw AccountsError(.invalid, "a password has 10 to 512 characters")
        }
    }

    /// Addresses are compared in small letters.
    package static func normalized(_ email: String) -> String {
        email.trimmingCharacters(in: .whitespaces).lowercased()
    }

    static func recoveryDigest(_ code: String) -> [UInt8] {
        let kept = code.lowercased().filter { $0.isLetter || $0.isNumber }
        return Array(SHA256.hash(data: Data("storj recovery code \(kept)".utf8)))
    }
}
