package import Contracts
package import Ethereum
import Logging
import StorageModel

/// A ledger of our own: an append-only log of signed operations, on the disk before anybody is answered.
///
///     submit ─► check signature ─► rules (in memory) ─► line ─┐ one write and one
///     submit ─► check signature ─► rules (in memory) ─► line ─┴ synchronization for all ─► answers
///
/// Reading waits for the disk too: nobody is told what a crash could take back. After an error of the disk the ledger
/// answers nothing until `tick` could read the log again.
///
/// - Source: economy design §10.
package actor EmbeddedLedger {
    /// How the log begins.
    package nonisolated let genesis: LedgerGenesis
    /// Where operations are signed.
    package nonisolated let domain: SigningDomain
    /// Which ledger it is.
    package nonisolated let description: SettlementDescription
    let settings: EmbeddedLedgerSettings
    let clock: WallClock
    let logger: Logger
    let key: PrivateKey
    let store: LogStore
    var books: LedgerBooks
    /// Where lines begin, and the last ends.
    var offsets: [UInt64]
    /// Lines that are not written yet.
    var pending: [UInt8] = []
    var durableLineCount: UInt64
    var durableByteCount: UInt64
    var isWriting = false
    var waiters: [CheckedContinuation<Void, Never>] = []
    var failure: LedgerError?
    /// How often the log was read again after an error: what was taken before may be gone since.
    var era = 0
    /// The chain of secrets and its generation.
    var secrets: (generation: UInt64, chain: SecretChain)?

    /// A ledger as it was read.
    init(
        _ log: LoadedLog, store: LogStore, key: PrivateKey, settings: EmbeddedLedgerSettings, clock: WallClock,
        logger: Logger
    ) {
        genesis = log.books.genesis
        domain = log.books.domain
        description = SettlementDescription(
            kind: .embedded, domains: log.books.state.domains, chainID: 0, confirmations: 0,
            operatorAddress: log.books.genesis.operatorAddress)
        books = log.books
        offsets = log.offsets
        durableLineCount = log.books.lineCount
        durableByteCount = log.byteCount
        self.store = store
        self.key = key
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    // MARK: Operations

    /// Where an operation was put, and in which era.
    typealias Place = (line: UInt64, height: UInt64, era: Int)

    /// Does a signed operation; it is on the disk when the answer comes. One that was done before is done no second
    /// time.
    ///
    /// - Returns: the number of its line and its block.
    /// - Throws: `SettlementError` for what the rules refuse, `LedgerError.wrongSigner`, `.wrongNumber`,
    ///   `.operationFailed` for a name used for something else, `.file`, `.closed`.
    package nonisolated func submit(_ signed: SignedOperation) async throws -> (line: UInt64, height: UInt64) {
        let place = try await accept(signed)
        try await settle(place.line + 1, era: place.era)
        return (place.line, place.height)
    }

    /// Does a signed operation in memory; `settle` makes it count.
    nonisolated func accept(_ signed: SignedOperation) async throws -> Place {
        // Off the actor: signatures cost more than all the rest.
        let check = SignatureCheck(
            digest: signed.digest(in: domain), signature: signed.signature, signer: signed.sender)
        guard check.holds else { throw LedgerError.wrongSigner }
        while true {
            if let place = try await known(signed) { return place }
            if let place = try await take(signed) { return place }
        }
    }

    /// The place of an operation that is done already.
    private func known(_ signed: SignedOperation) async throws -> Place? {
        if let failure { throw failure }
        let era = era
        guard let place = books.index.place(of: signed.id, by: signed.sender) else { return nil }
        guard case .operation(let entry) = try await line(place.line).line, entry.signed.operation == signed.operation
        else { throw LedgerError.operationFailed("the id was used for another operation") }
        return (place.line, place.height, era)
    }

    /// Nil when the same name came in meanwhile.
    private func take(_ signed: SignedOperation) async throws -> Place? {
        while pending.count > LogStore.batchByteCount { try await settle(books.lineCount) }
        if let failure { throw failure }
        guard books.index.place(of: signed.id, by: signed.sender) == nil else { return nil }
        if let seconds = settings.blockSeconds, books.openOperationCount > 0, now >= books.blockTime &+ seconds {
            try endBlock()
        }
        let entry = try books.perform(signed, at: now)
        let place = (line: books.lineCount, height: entry.height, era: era)
        append(LedgerLine.operation(entry))
        if books.openOperationCount == LedgerBlock.maximumOperationCount { try endBlock() }
        return place
    }

    /// Seconds since 1970; time does not go back, whatever the clock does.
    var now: UInt64 { max(UInt64(clamping: clock.now().seconds), books.time) }

    func append(_ line: LedgerLine) {
        let content = line.encoded
        let hash = books.add(content)
        pending += LedgerLine.frame(content, hash: hash)
        offsets.append(offsets[offsets.count - 1] + UInt64(content.count + LedgerLine.frameByteCount))
    }

    // MARK: Disk

    /// Returns when so many lines are on the disk. Whoever comes while nobody writes, writes for all.
    ///
    /// - Parameter era: when the lines were taken; nil: now.
    func settle(_ lineCount: UInt64, era taken: Int? = nil) async throws {
        let taken = taken ?? era
        while true {
            guard taken == era else { throw LedgerError.file("the log was read again after an error of the disk") }
            if durableLineCount >= lineCount { return }
            if let failure { throw failure }
            if isWriting {
                await withCheckedContinuation { waiters.append($0) }
            } else {
                await writePending()
            }
        }
    }

    private func writePending() async {
        isWriting = true
        let bytes = pending
        pending = []
        let lineCount = books.lineCount
        let end = durableByteCount + UInt64(bytes.count)
        let mark = DurableMark(byteCount: end, lineCount: lineCount, head: books.head)
        do {
            try await store.write(bytes, at: durableByteCount, mark: mark)
            durableByteCount = end
            durableLineCount = lineCount
        } catch {
            failure = error as? LedgerError ?? .file("\(error)")
            logger.error("ledger stopped", metadata: ["error": "\(error)"])
        }
        isWriting = false
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }

    /// A line that is on the disk.
    ///
    /// - Throws: `LedgerError.malformed` for a number no line has.
    func line(_ number: UInt64) async throws -> (line: LedgerLine, hash: Bytes32) {
        try await settle(number + 1)
        guard let line = try await lines(from: number, limit: 1).first else {
            throw LedgerError.malformed("line number")
        }
        return line
    }

    /// Up to `limit` lines that are on the disk, as far as they fit in a megabyte, but at least one.
    func lines(from number: UInt64, limit: Int) async throws -> [(line: LedgerLine, hash: Bytes32)] {
        LedgerLine.split(try await frames(from: number, limit: limit))
    }

    /// The bytes of lines that are on the disk, whole lines only: as far as they fit in a megabyte, but at least one.
    package func frames(from number: UInt64, limit: Int) async throws -> [UInt8] {
        if let failure { throw failure }
        guard number < durableLineCount, limit > 0 else { return [] }
        let start = offsets[Int(number)]
        var last = Int(min(durableLineCount, number.addingReportingOverflow(UInt64(limit)).partialValue))
        if last <= Int(number) { last = Int(durableLineCount) }
        while last > Int(number) + 1, offsets[last] - start > 1 << 20 { last -= max(1, (last - Int(number)) / 2) }
        return try await store.read(at: start, count: Int(offsets[last] - start))
    }

    // MARK: Reading

    /// What the rules say of something, once it is on the disk.
    package func read<Value: Sendable>(_ body: @Sendable (LedgerBooks) throws -> Value) async throws -> Value {
        if let failure { throw failure }
        let value = try body(books)
        try await settle(books.lineCount)
        return value
    }

    /// The number of a sender's next operation, also before the last one is on the disk.
    func nextNumber(of sender: Address) throws(LedgerError) -> UInt64 {
        if let failure { throw failure }
        return books.number(of: sender)
    }

    /// Seconds since 1970, and the block that is open.
    package func time() async throws -> LedgerTime {
        if let failure { throw failure }
        return LedgerTime(seconds: now, height: books.height)
    }

    /// Writes what waits, and answers nobody any more.
    package func close() async throws {
        defer { failure = .closed }
        if failure == nil {
            try await settle(books.lineCount)
            try await store.synchronizeMark()
        }
    }
}
