package import Ethereum
package import Logging
package import StorageModel

/// A log as it was read.
struct LoadedLog: Sendable {
    var books: LedgerBooks
    var offsets: [UInt64]
    var byteCount: UInt64
}

extension EmbeddedLedger {
    /// Opens the ledger in a folder, and begins one where there is none.
    ///
    /// Every line's hash, every block's signature and every operation are checked by the rules; signatures of senders
    /// only where no block of the operator covers them. Bytes that a crash left torn at the end are cut off; they
    /// were promised to nobody.
    ///
    /// - Parameters:
    ///   - key: the operator's; the one the ledger was begun with.
    ///   - disk: the machine's own but in tests.
    ///   - random: for the name of a new ledger.
    /// - Throws: `LedgerError.damaged` when the log was altered or is shorter than what was promised, `.wrongLedger`
    ///   for another operator's, `.file`.
    package static func open(
        folder: String, operator key: PrivateKey, settings: EmbeddedLedgerSettings = EmbeddedLedgerSettings(),
        clock: WallClock, random: RandomSource = .system, disk: any LedgerDisk = SystemLedgerDisk(), logger: Logger
    ) async throws -> EmbeddedLedger {
        let store = try await LogStore.open(folder: folder, disk: disk)
        if try await isEmpty(store) { try await begin(store, key, settings, clock, random) }
        let log = try await load(store, operator: key.address)
        return EmbeddedLedger(log, store: store, key: key, settings: settings, clock: clock, logger: logger)
    }

    /// Whether nothing was ever promised: no mark, and not even a whole beginning.
    private static func isEmpty(_ store: LogStore) async throws -> Bool {
        if try await store.readMark() != nil { return false }
        var reader = LogReader(store.read)
        guard try await reader.next() != nil else { return true }
        return try await reader.next() == nil
    }

    private static func begin(
        _ store: LogStore, _ key: PrivateKey, _ settings: EmbeddedLedgerSettings, _ clock: WallClock,
        _ random: RandomSource
    ) async throws {
        guard (1...LedgerGenesis.maximumSecretCount).contains(settings.secretCount) else {
            throw LedgerError.unsupported("keep \(settings.secretCount) secrets")
        }
        let size = try await store.size()
        guard size <= LogStore.tornByteCount else { throw LedgerError.damaged("the log begins without a genesis") }
        let salt = Bytes32(random.bytes(count: Bytes32.byteCount)) ?? Bytes32()
        let chain = SecretChain(key: key, salt: salt, generation: 0, count: settings.secretCount)
        let time = UInt64(clamping: clock.now().seconds)
        let genesis = LedgerGenesis(
            operatorAddress: key.address, time: time, anchor: chain.anchor, secretCount: settings.secretCount,
            salt: salt)
        let first = LedgerLine.genesis(genesis).encoded
        let hash = LedgerLine.hash(first, after: Bytes32())
        var books = LedgerBooks(genesis: genesis, hash: hash)
        let block = try books.makeBlock(at: time, key: key, secret: nil, anchor: nil)
        let second = LedgerLine.block(block).encoded
        let head = books.add(second)
        let bytes = LedgerLine.frame(first, hash: hash) + LedgerLine.frame(second, hash: head)
        try await store.repair(size: 0, mark: nil)
        try await store.write(
            bytes, at: 0, mark: DurableMark(byteCount: UInt64(bytes.count), lineCount: 2, head: head))
        try await store.synchronizeMark()
    }

    /// Reads the log and makes its end whole.
    static func load(_ store: LogStore, operator address: Address) async throws -> LoadedLog {
        let mark = try await store.readMark()
        var reader = LogReader(store.read)
        var replay = LedgerReplay(trust: .operatorBlocks)
        while let frame = try await reader.next() { try await replay.take(frame) }
        let size = try await store.size()
        if let mark, reader.offset < mark.byteCount {
            throw LedgerError.damaged("\(mark.byteCount) bytes were promised, and only \(reader.offset) are good")
        }
        guard size - reader.offset <= LogStore.tornByteCount else {
            throw LedgerError.damaged("at byte \(reader.offset), with \(size - reader.offset) bytes behind it")
        }
        try await replay.finish()
        guard let books = replay.books else { throw LedgerError.damaged("the log is empty") }
        guard books.genesis.operatorAddress == address else {
            throw LedgerError.wrongLedger(
                expected: "of operator \(address)", actual: "of operator \(books.genesis.operatorAddress)")
        }
        try await store.repair(size: reader.offset, mark: mark)
        return LoadedLog(books: books, offsets: replay.offsets, byteCount: reader.offset)
    }

    /// Reads the log again after an error of the disk.
    ///
    /// - Throws: `LedgerError` when the disk still fails.
    func reopen() async throws {
        let log = try await Self.load(store, operator: key.address)
        books = log.books
        offsets = log.offsets
        pending = []
        durableLineCount = log.books.lineCount
        durableByteCount = log.byteCount
        failure = nil
        era += 1
        logger.notice("ledger goes on", metadata: ["lines": "\(log.books.lineCount)"])
    }
}
