import NIOCore
import StorageModel

/// The state of one segment's download: which pieces are asked, what has arrived, what comes next. No waiting in here.
///
/// ```
///                        ┌── more offers ◄── (too few healthy pieces, nothing offered) ──┐
///                        ▼                                                               │
///   start pieces ──► receive ──► k (or all) have a window's bytes ──► deliver ──► … ──► finished
///                        ▲              │ a piece fails, stalls or is late
///                        └── spare ◄────┘
/// ```
/// Positions are bytes of a piece, relative to the range. All pieces are kept trimmed to `position`.
struct DownloadMachine {
    /// What the download's task has to do.
    enum Step {
        /// Ask for these pieces, from `position` on.
        case start([(id: Int, offer: PieceOffer, position: Int64)])
        /// Decode these shares and hand them on.
        case deliver(DownloadWindow)
        /// Ask the satellite for fresh limits.
        case more
        case wait
        case finished
        case fail(TransferError)
    }

    /// What a piece's task has to do after a message.
    enum Directive {
        case go
        /// Wait until others have caught up.
        case hold
        /// Nobody needs this piece any more.
        case stop
    }

    /// How often fresh limits are asked for.
    static let maximumRounds = 3
    /// How often one piece is tried, as its node may have been restarted meanwhile.
    static let maximumAttempts = 2

    let scheme: RedundancyScheme
    let size: Int64
    let settings: TransferSettings
    let correction: Correction
    /// Bytes of all pieces together that may wait.
    var memoryShare = Int64.max
    /// Bytes delivered.
    private(set) var position: Int64 = 0
    private(set) var report = DownloadReport()
    var intakes: [PieceIntake] = []
    /// When anything last arrived, was started or was delivered.
    var lastProgress: Timestamp
    var lastCheck: Timestamp
    private var offers: [PieceOffer] = []
    /// Whether the offers so far are too few to begin with.
    private var wantsMoreFirst = false
    /// The last fresh limits brought nothing new.
    private var isExhausted = false
    private var attempts: [Int: Int] = [:]
    private var roundCount = 0

    /// - Parameter size: bytes wanted of every piece, a positive multiple of the share size.
    init(scheme: RedundancyScheme, size: Int64, settings: TransferSettings, correction: Correction, now: Timestamp) {
        self.scheme = scheme
        self.size = size
        self.settings = settings
        self.correction = correction
        lastProgress = now
        lastCheck = now
    }

    /// Bytes of every piece in a window: together about 256 KiB, which stay in the second cache until decrypted.
    var windowSize: Int64 {
        let share = Int64(scheme.shareSize)
        return max(share, Int64(256 << 10) / Int64(scheme.requiredShares) / share * share)
    }

    /// Bytes of a piece that may wait for others.
    var readAhead: Int64 {
        max(2 * windowSize, min(min(Int64(4 << 20), memoryShare) / Int64(scheme.requiredShares), 512 << 10))
    }

    var requiredShares: Int { scheme.requiredShares }

    // MARK: Offers

    /// Takes what the satellite offers; fresh limits replace those not used yet.
    ///
    /// - Parameters:
    ///   - ranked: the offers, best first.
    ///   - goodCount: how many of them are from nodes not known for trouble.
    mutating func offer(_ ranked: [PieceOffer], goodCount: Int) {
        offers = ranked
        dropUseless()
        isExhausted = roundCount > 0 && offers.isEmpty
        // Asking the satellite again takes less time than finding out that a silent node is still silent.
        wantsMoreFirst =
            roundCount == 0
            && (correction == .on ? ranked.count < scheme.totalShares : goodCount < requiredShares)
    }

    /// Goes on without fresh limits: the satellite has none.
    mutating func refuseMore() {
        isExhausted = true
    }

    /// What to do next.
    mutating func nextStep(now: Timestamp) -> Step {
        if position == size { return .finished }
        if wantsMoreFirst, roundCount == 0 { return askForMore() }
        let chosen = takeOffers(correction == .on ? scheme.totalShares : missingCount)
        if !chosen.isEmpty { return start(chosen, now: now) }
        if let window = takeWindow(now: now) { return .deliver(window) }
        if missingCount > 0, roundCount < Self.maximumRounds, !isExhausted { return askForMore() }
        if aliveCount < requiredShares { return .fail(notEnough) }
        if now.duration(since: lastProgress) >= settings.timeout { return .fail(.noProgress(failures: silence)) }
        return .wait
    }

    private mutating func askForMore() -> Step {
        roundCount += 1
        return .more
    }

    /// How many more pieces are needed.
    private var missingCount: Int {
        correction == .on
            ? max(0, requiredShares - aliveCount) : max(0, requiredShares - intakes.count { $0.isHealthy })
    }

    /// Pieces whose bytes may still come or have come.
    private var aliveCount: Int { intakes.count { $0.status != .failed } }

    /// Whether the download may succeed although no more limits are to be had.
    var canGoOn: Bool { aliveCount + offers.count >= requiredShares }

    private mutating func takeOffers(_ count: Int) -> [PieceOffer] {
        guard count > 0, !offers.isEmpty else { return [] }
        dropUseless()
        let chosen = Array(offers.prefix(count))
        offers.removeFirst(chosen.count)
        return chosen
    }

    /// Drops offers of pieces that are under way or have failed too often.
    private mutating func dropUseless() {
        let busy = Set(intakes.lazy.filter { $0.status != .failed }.map(\.offer.number))
        offers.removeAll { busy.contains($0.number) || attempts[$0.number, default: 0] >= Self.maximumAttempts }
    }

    private mutating func start(_ chosen: [PieceOffer], now: Timestamp) -> Step {
        lastProgress = now
        return .start(
            chosen.map { offer in
                attempts[offer.number, default: 0] += 1
                intakes.append(PieceIntake(offer: offer, start: position, now: now))
                return (intakes.count - 1, offer, position)
            })
    }

    // MARK: What pieces report

    /// Takes bytes that continue piece `id`.
    ///
    /// - Parameter data: not empty, and not beyond the range.
    mutating func received(_ id: Int, _ data: ByteBuffer, now: Timestamp) -> Directive {
        guard intakes[id].status == .running else { return .stop }
        intakes[id].append(data, position: position)
        intakes[id].lastProgress = now
        lastProgress = now
        report.receivedByteCount += Int64(data.readableBytes)
        let received = intakes[id].received
        if received == size {
            intakes[id].status = .complete
        } else if intakes[id].isSuspect, isOvertaken(received) {
            intakes[id].fail()
            return .stop
        } else if received - position > readAhead {
            intakes[id].isHeld = true
            return .hold
        }
        return .go
    }

    /// Whether enough healthy pieces are at least as far.
    private func isOvertaken(_ received: Int64) -> Bool {
        intakes.count { $0.isHealthy && $0.received >= received } >= requiredShares
    }

    /// Notes that the caller has taken a window, however long that took.
    mutating func delivered(now: Timestamp) {
        lastProgress = now
    }

    /// Notes that piece `id` ends before its last byte.
    ///
    /// - Parameter isLie: whether the node broke the rules, so that it is not asked again.
    mutating func failed(_ id: Int, reason: String, isLie: Bool) {
        guard intakes[id].status == .running else { return }
        let offer = intakes[id].offer
        intakes[id].fail()
        if isLie { attempts[offer.number] = Self.maximumAttempts }
        report.failures.append(PieceFailure(number: offer.number, node: offer.nodeID, reason: reason))
    }

    /// Notes all pieces whose shares were wrong so far.
    mutating func corrected(_ numbers: Set<Int>) {
        guard numbers.count > report.corruptPieces.count else { return }
        let known = Set(report.corruptPieces.map(\.number))
        for intake in intakes where numbers.subtracting(known).contains(intake.offer.number) && intake.status != .failed
        {
            report.corruptPieces.append(
                PieceFailure(
                    number: intake.offer.number, node: intake.offer.nodeID, reason: "its shares contradict the others"))
        }
        report.corruptPieces.sort { $0.number < $1.number }
    }

    /// The pieces that may go on after `position` has moved.
    mutating func releaseHeld(now: Timestamp) -> [Int] {
        let freed = intakes.indices.filter { intakes[$0].isHeld && intakes[$0].received - position <= readAhead / 2 }
        for id in freed {
            intakes[id].isHeld = false
            intakes[id].lastProgress = now
        }
        return freed
    }

    // MARK: Windows

    /// Whether the next window can be decoded: k pieces have it and, with correction, everybody who keeps up.
    var isWindowReady: Bool {
        let end = windowEnd
        var count = 0
        for id in intakes.indices where intakes[id].status != .failed {
            if intakes[id].received >= end {
                count += 1
            } else if correction == .on, !intakes[id].isSuspect {
                return false
            }
        }
        return count >= requiredShares
    }

    private var windowEnd: Int64 { min(position + windowSize, size) }

    /// Takes the shares of the next window out of the pieces and moves on.
    private mutating func takeWindow(now: Timestamp) -> DownloadWindow? {
        guard isWindowReady else { return nil }
        let end = windowEnd
        var chosen = intakes.indices.filter { intakes[$0].status != .failed && intakes[$0].received >= end }
        chosen.sort { intakes[$0].offer.number < intakes[$1].offer.number }
        // The first ones are data pieces: with all of them nothing has to be computed.
        if correction == .off { chosen.removeLast(chosen.count - requiredShares) }
        let share = scheme.shareSize
        let heads = chosen.map { intakes[$0].head(minimum: share) }
        let together = heads.reduce(Int(end - position)) { min($0, $1.readableBytes) }
        let length = together / share * share
        for id in intakes.indices { intakes[id].drop(Int(min(Int64(length), max(0, intakes[id].received - position)))) }
        position += Int64(length)
        lastProgress = now
        return DownloadWindow(
            pieceNumbers: chosen.map { intakes[$0].offer.number },
            shares: heads.map { $0.getSlice(at: $0.readerIndex, length: length) ?? $0 }, length: length)
    }

    // MARK: Failure

    private var notEnough: TransferError {
        .notEnoughPieces(needed: requiredShares, available: aliveCount, failures: report.failures)
    }

    /// Every failure so far, and who is silent.
    private var silence: [PieceFailure] {
        report.failures
            + intakes.filter { $0.status == .running && !$0.isHeld }.map {
                PieceFailure(
                    number: $0.offer.number, node: $0.offer.nodeID, reason: "silent for \(settings.timeout)")
            }
    }
}
