import Database
import StorageModel

extension Accounts {
    /// Draws a secret for an account's phone. Codes are asked for once one of them was shown to `confirmCode`.
    ///
    /// - Throws: `AccountsError` `.notFound`, `.alreadyExists` when codes are asked for already; `DatabaseError`.
    package func beginCode(of user: UserID) async throws -> OneTimeCode {
        let code = OneTimeCode(random: random)
        try await changeSignIn(of: user) { row, _ in
            guard !row.isCodeConfirmed else {
                throw AccountsError(.alreadyExists, "codes are asked for already; turn them off first")
            }
            row.codeSecret = code.secret
        }
        return code
    }

    /// Asks for codes from now on, after a first one that shows that the phone has the secret.
    ///
    /// - Returns: recovery codes, shown this once; each signs in once without the phone.
    /// - Throws: `AccountsError` `.invalid` for a wrong code, `.notFound`; `DatabaseError`.
    package func confirmCode(_ text: String, of user: UserID) async throws -> [String] {
        let now = clock.now()
        let codes = (0..<SignInRules.recoveryCodeCount).map { _ in
            let text = Base32.encode(random.bytes(count: 10)).lowercased()
            return stride(from: 0, to: 16, by: 4).map { offset in
                String(text.dropFirst(offset).prefix(4))
            }.joined(separator: "-")
        }
        let digests = codes.map(Self.recoveryDigest)
        try await changeSignIn(of: user) { row, session in
            guard !row.isCodeConfirmed, let secret = row.codeSecret,
                let step = OneTimeCode(secret: secret).step(of: text, at: now, after: row.lastStep)
            else { throw AccountsError(.invalid, "this is not the code that the phone shows now") }
            row.isCodeConfirmed = true
            row.lastStep = step
            try session.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [SQLValue(user)])
            for digest in digests {
                try session.execute(
                    "INSERT INTO recovery_codes (user_id, digest) VALUES (?1, ?2)", [SQLValue(user), .blob(digest)])
            }
        }
        return codes
    }

    /// Asks for no codes any more.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func endCode(of user: UserID) async throws {
        try await changeSignIn(of: user) { row, session in
            row.codeSecret = nil
            row.isCodeConfirmed = false
            try session.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [SQLValue(user)])
        }
    }
}
