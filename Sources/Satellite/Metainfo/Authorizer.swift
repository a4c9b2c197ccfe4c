import Accounts
import Macaroons
import StorageModel
import Synchronization
import WireMessages

/// Finds out who asks and what they may do: the one place where API keys are judged.
///
/// - Source: protocol document 2 §3.5 and document 1 §4.4.
final class Authorizer: Sendable {
    /// The most verified keys remembered; beyond it the memory starts afresh.
    private static let maximumRemembered = 10_000
    /// Longer keys are verified each time, so that nobody fills the memory with them.
    private static let maximumRememberedSize = 4096

    private let accounts: Accounts
    private let limiter: ProjectRateLimiter
    private let settings: MetainfoSettings
    private let clock: WallClock
    /// Keys whose chain was found to be right, by their bytes. The secret is part of the entry: a key that was made
    /// anew under the same head is verified anew.
    private let remembered = Mutex<[[UInt8]: (secret: [UInt8], key: VerifiedAPIKey)]>([:])

    init(accounts: Accounts, settings: MetainfoSettings, clock: WallClock) {
        self.accounts = accounts
        self.settings = settings
        self.clock = clock
        limiter = ProjectRateLimiter(clock: clock)
    }

    /// Says who sent a request: key known, chain right, nothing revoked or disabled.
    ///
    /// What the key may do is asked of the caller that comes back.
    func authenticate(_ header: Metainfo_RequestHeader?) async throws -> Caller {
        guard let header else { throw Refusal.invalidCredentials }
        let bytes = Array(header.apiKey)
        let key: APIKey
        do { key = try APIKey(serialized: bytes) } catch { throw Refusal.invalidCredentials }
        guard let lookup = try await accounts.lookUp(head: key.head) else { throw Refusal.unauthorized }
        let verified = try verify(key, bytes: bytes, secret: lookup.key.secret)
        let isRevoked = try await accounts.isAnyRevoked(verified.tails)
        return Caller(
            key: verified, lookup: lookup, isRefused: isRevoked || lookup.isDisabled,
            userAgent: lookup.key.userAgent.isEmpty ? Array(header.userAgent) : lookup.key.userAgent, time: clock.now(),
            limiter: limiter, rate: rate(of: lookup))
    }

    /// Reads and verifies another key of the caller's head.
    func verify(_ key: APIKey, bytes: [UInt8], secret: [UInt8]) throws -> VerifiedAPIKey {
        let known = remembered.withLock { $0[bytes] }
        if let known, known.secret == secret { return known.key }
        let verified: VerifiedAPIKey
        do { verified = try key.verified(secret: secret) } catch { throw Refusal.unauthorized }
        guard bytes.count <= Self.maximumRememberedSize else { return verified }
        remembered.withLock { remembered in
            if remembered.count >= Self.maximumRemembered { remembered.removeAll() }
            remembered[bytes] = (secret, verified)
        }
        return verified
    }

    private func rate(of lookup: KeyLookup) -> RateLimit? {
        guard let general = settings.projectRate else { return nil }
        let own = lookup.project.limits
        return RateLimit(perSecond: own.ratePerSecond ?? general.perSecond, burst: own.burst ?? general.burst)
    }
}
