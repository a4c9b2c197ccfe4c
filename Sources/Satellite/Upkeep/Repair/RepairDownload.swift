import Chores
import Identity
import Metabase
import NIOCore
import Orders
import Overlay
import PieceTransfer
import StorageModel
import WireMessages

/// Fetches k whole, proven pieces of a segment: k at a time, the next one when one fails or nothing arrives for long.
struct RepairDownload: Sendable {
    /// A piece that can be asked for.
    struct Source: Sendable {
        let piece: SegmentPiece
        let limit: AddressedLimit
    }

    /// What came of it.
    struct Result: Sendable {
        /// Proven pieces, at most k.
        var pieces: [(number: Int, bytes: ByteBuffer)] = []
        /// Pieces that are not there, or are something else than was uploaded.
        var bad: Set<PieceHolding> = []
        /// How nodes did, as far as they came to an end.
        var outcomes: [(node: NodeID, outcome: AuditOutcome)] = []
        /// Why pieces did not come.
        var problems: [String] = []
        var byteCount: Int64 = 0
    }

    private enum Event: Sendable {
        case ended(Source, PieceFetchOutcome)
        case patienceIsOver
    }

    let fetch: PieceFetch
    let key: PieceKey
    let pieceSize: Int64
    let satellite: NodeIdentity
    /// What the metadata know of the pieces' hashes is made with this algorithm.
    let hashAlgorithm: PieceHashAlgorithm
    let bandwidth: BandwidthLimit
    let sleeper: Sleeper
    let patience: Duration

    /// Fetches.
    ///
    /// - Parameters:
    ///   - sources: those to be asked first come first.
    ///   - count: pieces needed.
    /// - Returns: fewer pieces when there are no more.
    /// - Throws: `CancellationError`.
    func run(_ sources: [Source], count: Int) async throws -> Result {
        try await withThrowingTaskGroup(of: Event.self) { group in
            var result = Result()
            var waiting = sources[...]
            var runningCount = 0
            func start() {
                guard let source = waiting.popFirst() else { return }
                runningCount += 1
                group.addTask { try await self.ask(source) }
            }
            for _ in 0..<count { start() }
            group.addTask { try await self.wait() }
            defer { group.cancelAll() }
            while result.pieces.count < count, runningCount > 0, let event = try await group.next() {
                switch event {
                case .patienceIsOver:
                    start()
                    group.addTask { try await self.wait() }
                case .ended(let source, let outcome):
                    runningCount -= 1
                    note(source, outcome, in: &result)
                    if !outcome.isData || result.bad.contains(PieceHolding(source.piece)) { start() }
                }
            }
            try Task.checkCancellation()
            return result
        }
    }

    private func ask(_ source: Source) async throws -> Event {
        try await bandwidth.take(pieceSize)
        let outcome = try await fetch.piece(source.limit, key: key, size: pieceSize, satellite: satellite.peer)
        return .ended(source, outcome)
    }

    private func wait() async throws -> Event {
        try await sleeper.sleep(patience)
        return .patienceIsOver
    }

    private func note(_ source: Source, _ outcome: PieceFetchOutcome, in result: inout Result) {
        var verdict: AuditOutcome?
        var problem: String?
        switch outcome {
        case .data(let piece):
            result.byteCount += Int64(piece.bytes.readableBytes)
            if isExpected(piece, source.piece) {
                result.pieces.append((source.piece.number, piece.bytes))
                verdict = .success
            } else {
                // Signed by the uploader, but not what the uploader told us.
                result.bad.insert(PieceHolding(source.piece))
                verdict = .failure
                problem = "another piece than the one that was committed"
            }
        case .notFound, .invalid:
            result.bad.insert(PieceHolding(source.piece))
            verdict = .failure
        case .offline: verdict = .offline
        case .failed: verdict = .unknown
        // Whoever is too slow is asked again by audits, which know how to hold it to account.
        case .timedOut: break
        }
        if let verdict { result.outcomes.append((source.piece.node, verdict)) }
        if !outcome.isData || problem != nil {
            result.problems.append("piece \(source.piece.number) of \(source.piece.node): \(problem ?? "\(outcome)")")
        }
    }

    private func isExpected(_ fetched: FetchedPiece, _ piece: SegmentPiece) -> Bool {
        guard let known = piece.hash, let hash = fetched.hash, hash.hashAlgorithm == hashAlgorithm else { return true }
        return known.bytes == hash.hash
    }
}
