internal import StorageModel

/// Which pieces of a segment are sent when: the decisions of an upload, without time, network or bytes.
///
/// ```
///   unused ──start──► running ──stored──► stored
///     ▲                 │  └── silent while others move on: stalled; another is started, the first to answer counts
///     └──exchanged── failed
/// ```
/// - Source: protocol document 2 §2.3.6.
struct UploadRace {
    /// What is to be done next.
    enum Action: Hashable {
        /// Send a piece to its node. Answers are told apart by `attempt`.
        case start(number: Int, attempt: Int)
        /// Ask the satellite for other nodes in the place of these pieces'.
        case exchange([Int])
        /// Enough pieces are stored.
        case finish
        /// It cannot be done any more.
        case fail(TransferError)
        /// Nothing, before something happens.
        case wait
    }

    /// Where a running piece stands.
    struct Report {
        let attempt: Int
        /// Messages sent so far; -1 while there is no connection.
        let position: Int
        /// Whether the node is the one to wait for.
        let isBlocked: Bool
    }

    private enum Phase: Hashable {
        case unused, running, stored, failed
    }

    private struct Piece {
        let number: Int
        var node: NodeID
        var phase = Phase.unused
        /// Its node is asked only when no other can be had.
        var isSuspect: Bool
        var isStalled = false
        var attempt = 0
        var position = -1
        var start: Timestamp?
        var lastProgress: Timestamp?
    }

    /// Pieces to be stored.
    private let goal: Int
    /// Whether fewer pieces than the goal are better than none.
    private let isContentWithLess: Bool
    /// Pieces that run or are stored at the same time, stalled ones not counted.
    private let targetCount: Int
    private let settings: TransferSettings
    /// In the order in which they are best started.
    private var pieces: [Piece]
    private var attemptCount = 0
    private var exchangeRounds = 0
    private var isExchanging = false
    private var mayExchange = true
    private var lastProgress: Timestamp
    private(set) var failures: [PieceFailure] = []

    /// A race that has not begun.
    ///
    /// - Parameter candidates: the offered pieces, those with the best nodes first.
    init(
        scheme: RedundancyScheme, candidates: [(number: Int, node: NodeID, isSuspect: Bool)],
        settings: TransferSettings, now: Timestamp
    ) {
        goal = scheme.optimalShares
        isContentWithLess = false
        targetCount = scheme.optimalShares + (scheme.totalShares - scheme.optimalShares) / 8
        self.settings = settings
        pieces = candidates.map { Piece(number: $0.number, node: $0.node, isSuspect: $0.isSuspect) }
        lastProgress = now
    }

    /// A race for as many of the goal's pieces as can be had from the candidates alone.
    init(
        goal: Int, candidates: [(number: Int, node: NodeID, isSuspect: Bool)], settings: TransferSettings,
        now: Timestamp
    ) {
        self.goal = goal
        isContentWithLess = true
        targetCount = candidates.count
        self.settings = settings
        mayExchange = false
        pieces = candidates.map { Piece(number: $0.number, node: $0.node, isSuspect: $0.isSuspect) }
        lastProgress = now
    }

    // MARK: Deciding

    /// What to do now; asked again until it says `wait`, `finish` or `fail`.
    mutating func next(at now: Timestamp) -> Action {
        if count(.stored) >= goal { return .finish }
        if hopefulCount < targetCount, let index = unused(includingSuspects: isContentWithLess) { return start(index, at: now) }
        guard hopefulCount < goal, !isExchanging else { return .wait }
        if mayExchange, exchangeRounds < settings.exchangeRounds {
            let numbers = exchangeable
            if !numbers.isEmpty {
                isExchanging = true
                exchangeRounds += 1
                return .exchange(numbers)
            }
        }
        if let index = unused(includingSuspects: true) { return start(index, at: now) }
        if isContentWithLess { return count(.running) > 0 ? .wait : .finish }
        let available = count(.stored) + count(.running)
        guard available < goal else { return .wait }
        return .fail(.notEnoughPieces(needed: goal, available: available, failures: failures))
    }

    private func count(_ phase: Phase) -> Int { pieces.reduce(0) { $0 + ($1.phase == phase ? 1 : 0) } }

    /// Pieces that are stored or may well be.
    private var hopefulCount: Int {
        pieces.reduce(0) { $0 + ($1.phase == .stored || $1.phase == .running && !$1.isStalled ? 1 : 0) }
    }

    private func unused(includingSuspects: Bool) -> Int? {
        pieces.firstIndex { $0.phase == .unused && (includingSuspects || !$0.isSuspect) }
    }

    private mutating func start(_ index: Int, at now: Timestamp) -> Action {
        attemptCount += 1
        pieces[index].phase = .running
        pieces[index].attempt = attemptCount
        pieces[index].isStalled = false
        pieces[index].position = -1
        pieces[index].start = now
        pieces[index].lastProgress = now
        return .start(number: pieces[index].number, attempt: attemptCount)
    }

    /// Failed pieces and those of doubtful nodes; of the stalled ones, which may still arrive, no more than needed.
    private var exchangeable: [Int] {
        let hopeless = pieces.filter { $0.phase == .failed || $0.phase == .unused && $0.isSuspect }
        let missing = max(0, goal - hopefulCount - hopeless.count)
        let stalled = pieces.filter { $0.phase == .running && $0.isStalled }.prefix(missing)
        return (hopeless + stalled).map(\.number).sorted()
    }

    // MARK: Events

    /// A piece is stored. False when nobody waits for it any more.
    mutating func stored(attempt: Int, at now: Timestamp) -> Bool {
        guard let index = running(attempt) else { return false }
        pieces[index].phase = .stored
        lastProgress = now
        return true
    }

    /// A piece could not be stored. False when nobody waits for it any more.
    mutating func failed(attempt: Int, reason: String) -> Bool {
        guard let index = running(attempt) else { return false }
        pieces[index].phase = .failed
        failures.append(PieceFailure(number: pieces[index].number, node: pieces[index].node, reason: reason))
        return true
    }

    /// The satellite has named other nodes; nil where it names none.
    mutating func exchanged(_ nodes: [(number: Int, node: NodeID?)]) {
        isExchanging = false
        for (number, node) in nodes {
            guard let index = pieces.firstIndex(where: { $0.number == number }), pieces[index].phase != .stored
            else { continue }
            if pieces[index].isStalled {
                let reason = "the node was silent while others moved on"
                failures.append(PieceFailure(number: number, node: pieces[index].node, reason: reason))
            }
            // A node that comes from an exchange is tried: asking again and again would lead nowhere.
            pieces[index] = Piece(
                number: number, node: node ?? pieces[index].node, phase: node == nil ? .failed : .unused,
                isSuspect: false)
        }
    }

    /// The satellite has no other nodes, or does not answer.
    mutating func exchangeFailed() {
        isExchanging = false
        mayExchange = false
    }

    private func running(_ attempt: Int) -> Int? {
        pieces.firstIndex { $0.phase == .running && $0.attempt == attempt }
    }

    // MARK: Time

    /// Looks at who has moved since the last time.
    ///
    /// - Returns: nodes that stall from now on.
    /// - Throws: `noProgress`.
    mutating func tick(_ reports: [Report], at now: Timestamp) throws(TransferError) -> [NodeID] {
        var isWaitingForNodes = false
        for report in reports {
            guard let index = running(report.attempt) else { continue }
            if report.position != pieces[index].position || !report.isBlocked {
                pieces[index].position = report.position
                pieces[index].lastProgress = now
                lastProgress = now
            } else {
                isWaitingForNodes = true
            }
        }
        if isWaitingForNodes, now.duration(since: lastProgress) >= settings.timeout {
            throw .noProgress(failures: failures + silent)
        }
        var nodes: [NodeID] = []
        for index in pieces.indices where pieces[index].phase == .running && !pieces[index].isStalled {
            if isLate(pieces[index], at: now) {
                pieces[index].isStalled = true
                nodes.append(pieces[index].node)
            }
        }
        return nodes
    }

    private var silent: [PieceFailure] {
        pieces.filter { $0.phase == .running }
            .map { PieceFailure(number: $0.number, node: $0.node, reason: "the node is silent") }
    }

    /// Whether a piece is silent, or far behind, while at least half of those needed are ahead of it.
    private func isLate(_ piece: Piece, at now: Timestamp) -> Bool {
        guard let start = piece.start, let lastProgress = piece.lastProgress else { return false }
        let others = pieces.filter { $0.phase == .stored || $0.phase == .running }
        let needed = max(1, goal / 2)
        let aheadCount = others.reduce(0) { $0 + ($1.phase == .stored || $1.position > piece.position ? 1 : 0) }
        if aheadCount >= needed {
            // Who has worked for a second may be silent for half of one.
            let patience = max(settings.stallTime, lastProgress.duration(since: start) / 2)
            if now.duration(since: lastProgress) >= patience { return true }
        }
        // What is stored stands where the foremost stands.
        let front = others.map(\.position).max() ?? 0
        let far = 2 * max(0, piece.position) + Self.slowMargin
        let farCount = others.reduce(0) { $0 + (($1.phase == .stored ? front : $1.position) > far ? 1 : 0) }
        return farCount >= needed && now.duration(since: start) >= settings.stallTime * 4
    }

    /// Messages that a piece may be behind, whatever its speed.
    private static let slowMargin = 16
}
