import CArgon2
import Dispatch
import StorageModel
import Synchronization

/// Hashes and checks passwords, on a thread of its own and one at a time: each takes memory and a good part of a second,
/// which whoever guesses passwords must not be able to multiply.
///
/// - Source: RFC 9106 (Argon2id) with the parameters of the OWASP password storage cheat sheet.
final class PasswordHasher: Sendable {
    /// Memory of a hash, in KiB.
    static let memory: UInt32 = 19 << 10
    static let passes: UInt32 = 2
    /// Passwords that may wait; one more is refused.
    static let maximumWaiting = 32

    private let queue = DispatchQueue(label: "storj.passwords")
    private let waiting = Atomic<Int>(0)
    private let random: RandomSource

    init(random: RandomSource) { self.random = random }

    /// The text that is kept in place of a password: parameters, salt and hash.
    ///
    /// - Throws: `AccountsError` `.busy`.
    func hash(_ password: String) async throws -> String {
        let salt = random.bytes(count: 16)
        let encoded = try await run { () -> String? in
            let bytes = Array(password.utf8)
            var text = [CChar](repeating: 0, count: 128)
            let code = argon2id_hash_encoded(
                Self.passes, Self.memory, 1, bytes, bytes.count, salt, salt.count, 32, &text, text.count)
            guard code == ARGON2_OK.rawValue else { return nil }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard let encoded else { throw AccountsError(.busy, "there is not memory enough to check a password") }
        return encoded
    }

    /// Whether a password is the one that a text was made of.
    ///
    /// - Parameter encoded: nil for an account that there is not; takes as long all the same.
    /// - Throws: `AccountsError` `.busy`.
    func isRight(_ password: String, encoded: String?) async throws -> Bool {
        guard let encoded else {
            _ = try await hash(password)
            return false
        }
        return try await run {
            let bytes = Array(password.utf8)
            return argon2id_verify(encoded, bytes, bytes.count) == ARGON2_OK.rawValue
        }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws -> Result {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.maximumWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            throw AccountsError(.busy, "too many people sign in just now")
        }
        defer { waiting.subtract(1, ordering: .relaxed) }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
