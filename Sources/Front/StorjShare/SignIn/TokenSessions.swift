package import ConsoleKit
import Crypto
package import Logging
package import StorageModel
import Synchronization

/// Who holds the token.
package struct TokenSession: WebSession {}

/// Sessions of an app whose only password is its token: signing in shows it once, and the browser gets a token of its own.
package final class TokenSessions: SessionStore {
    /// Sessions that are kept; the oldest ends first.
    private static let maximumCount = 100

    private let token: String
    private let lifetime: Duration
    private let random: RandomSource
    private let logger: Logger
    private let ends = Mutex<[[UInt8]: Timestamp]>([:])
    private let tries = RateLimiter(capacity: 5, refill: .seconds(30))
    private let allTries = RateLimiter(capacity: 50, refill: .seconds(5))

    /// No sessions yet.
    ///
    /// - Parameter token: whoever shows it is let in; empty lets in nobody that has to ask.
    package init(token: String, lifetime: Duration, random: RandomSource, logger: Logger) {
        self.token = token
        self.lifetime = lifetime
        self.random = random
        self.logger = logger
    }

    /// How long a session holds.
    var validity: Duration { lifetime }

    package func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? {
        let end = ends.withLock { $0[token.digest] }
        return end.map { context.now < $0 } == true ? TokenSession() : nil
    }

    package func session(bearer: String, context: WebContext) async throws -> (any WebSession)? {
        if isToken(bearer) { return TokenSession() }
        logger.warning("a bearer token was refused", metadata: ["address": "\(context.remoteAddress)"])
        return nil
    }

    /// Signs in with a token.
    ///
    /// - Returns: the browser's own token; nil for a wrong one.
    /// - Throws: `WebError.tooOften`.
    func signIn(_ given: String, _ context: WebContext) throws -> SessionToken? {
        guard tries.take(context.remoteAddress, at: context.now), allTries.take("", at: context.now) else {
            logger.warning("sign-ins are tried too often", metadata: ["address": "\(context.remoteAddress)"])
            throw WebError.tooOften
        }
        guard isToken(given) else {
            logger.warning("a sign-in was refused", metadata: ["address": "\(context.remoteAddress)"])
            return nil
        }
        let session = SessionToken(random: random)
        ends.withLock { ends in
            ends = ends.filter { context.now < $0.value }
            if ends.count >= Self.maximumCount, let first = ends.min(by: { $0.value < $1.value }) { ends[first.key] = nil }
            ends[session.digest] = context.now.advanced(by: lifetime)
        }
        logger.notice("somebody has signed in", metadata: ["address": "\(context.remoteAddress)"])
        return session
    }

    /// Ends all sessions: whoever signs out on one machine may have lost another.
    func signOut() { ends.withLock { $0 = [:] } }

    /// Compares hashes, so that the duration tells nothing of the token.
    private func isToken(_ given: String) -> Bool {
        !token.isEmpty && SHA256.hash(data: Array(given.utf8)) == SHA256.hash(data: Array(token.utf8))
    }
}
