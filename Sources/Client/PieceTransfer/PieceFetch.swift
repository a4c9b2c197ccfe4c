package import DRPC
package import Identity
package import Logging
package import Orders
import WireMessages

/// Fetches one piece, or some shares of one, from one node, and says exactly how that went: the eyes of audits and repair.
///
/// Nothing is raced and nobody is asked in another's stead: what a node does here decides over its reputation.
/// - Source: protocol document 3 §6.3, §6.4.
package struct PieceFetch: Sendable {
    let dialer: any RPCDialer
    let settings: PieceFetchSettings
    let clock: TransferClock
    let logger: Logger

    /// A fetcher.
    ///
    /// - Parameter clock: decides when a node is late.
    package init(dialer: any RPCDialer, settings: PieceFetchSettings, clock: TransferClock, logger: Logger) {
        self.dialer = dialer
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// Some bytes of a piece, by a limit for GET_AUDIT or GET. They are as the node sent them: nothing proves them.
    ///
    /// - Parameters:
    ///   - limit: fresh, for at least `size` bytes.
    ///   - key: the key whose public half the limit names.
    ///   - offset: where they begin in the piece, at least 0.
    ///   - size: how many, in `1...PieceFetchSettings.maximumSize`.
    package func share(
        _ limit: AddressedLimit, key: PieceKey, offset: Int64, size: Int
    ) async throws(CancellationError) -> PieceFetchOutcome {
        precondition(offset >= 0 && size > 0 && Int64(size) <= PieceFetchSettings.maximumSize, "a share has bytes")
        let attempt = PieceFetchAttempt(
            piece: limit, key: key, range: offset..<offset + Int64(size), satellite: nil, chunkSize: settings.chunkSize)
        return try await run(attempt, within: settings.shareTime(size: Int64(size)))
    }

    /// A whole piece by a limit for GET_REPAIR, proven to be what the uploader signed for this very piece: the hash, the
    /// uploader's signature on it, and the satellite's signature on the limit under which it was stored.
    ///
    /// - Parameters:
    ///   - limit: fresh, for at least `size` bytes.
    ///   - key: the key whose public half the limit names.
    ///   - size: bytes of the piece, in `1...PieceFetchSettings.maximumSize`.
    ///   - satellite: who signed the original limit: the satellite itself.
    package func piece(
        _ limit: AddressedLimit, key: PieceKey, size: Int64, satellite: PeerIdentity
    ) async throws(CancellationError) -> PieceFetchOutcome {
        precondition((1...PieceFetchSettings.maximumSize).contains(size), "a piece has bytes")
        let attempt = PieceFetchAttempt(
            piece: limit, key: key, range: 0..<size, satellite: satellite, chunkSize: settings.chunkSize)
        return try await run(attempt, within: settings.pieceTime)
    }

    private func run(
        _ attempt: PieceFetchAttempt, within limit: Duration
    ) async throws(CancellationError) -> PieceFetchOutcome {
        let dial = await race(
            settings.dialTime, late: .offline("no connection within \(settings.dialTime)")
        ) { await attempt.dial(dialer) }
        guard let dial, !Task.isCancelled else { throw CancellationError() }
        let outcome: PieceFetchOutcome
        switch dial {
        case .connected(let connection):
            let fetched = await race(limit, late: .timedOut) { await attempt.fetch(over: connection) }
            // An answer that came just before the cancellation is dropped with it.
            guard let fetched, !Task.isCancelled else { throw CancellationError() }
            outcome = fetched
        case .offline(let reason):
            outcome = .offline(reason)
        }
        if !outcome.isData {
            let node = attempt.piece.limit.storageNodeID
            logger.debug("piece not fetched", metadata: ["node_id": "\(node)", "outcome": "\(outcome)"])
        }
        return outcome
    }

    /// What `body` returns, or `late` when it takes longer; nil when cancelled.
    private func race<Result: Sendable>(
        _ limit: Duration, late: Result, _ body: @escaping @Sendable () async -> Result?
    ) async -> Result? {
        let clock = clock
        return await withTaskGroup(of: Result?.self) { group in
            group.addTask { await body() }
            // The sleep ends early only by cancellation: nobody is late then.
            group.addTask { (try? await clock.sleep(limit)).map { late } }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
