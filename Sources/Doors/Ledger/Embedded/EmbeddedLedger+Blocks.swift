package import Chores
import Contracts
import Ethereum
import StorageModel

extension EmbeddedLedger {
    /// The work that goes on by itself: closes blocks on time, draws beacons, and reads the log again after an error.
    package nonisolated func cycle(sleeper: Sleeper = .system) -> Cycle {
        Cycle(
            name: "ledger-blocks", interval: .seconds(Int64(clamping: settings.blockSeconds ?? 1)), sleeper: sleeper,
            clock: clock, logger: logger, finish: { try await self.close() }, work: { try await self.tick() })
    }

    /// Closes the block when its time has come.
    ///
    /// - Throws: `LedgerError`.
    package func tick() async throws {
        if let failure {
            guard failure != .closed, !isWriting else { return }
            try await reopen()
        }
        if isBlockDue { try endBlock() }
        try await settle(books.lineCount)
        try await store.synchronizeMark()
    }

    private var isBlockDue: Bool {
        let age = now - books.blockTime
        let isWanted = books.openOperationCount > 0 || !books.targets.isEmpty
        if let seconds = settings.blockSeconds, isWanted, age >= seconds { return true }
        return age >= settings.idleBlockSeconds
    }

    /// Closes the open block: the operator signs everything up to here. On the disk when it returns.
    ///
    /// - Returns: the block's height.
    /// - Throws: `LedgerError`.
    @discardableResult
    package func closeBlock() async throws -> UInt64 {
        if let failure { throw failure }
        let height = books.height
        try endBlock()
        try await settle(books.lineCount)
        return height
    }

    /// Closes the open block in memory.
    func endBlock() throws(LedgerError) {
        var secret: Bytes32?
        var anchor: Bytes32?
        if books.drawsBeacon {
            secret = secretChain(books.generation).secret(after: books.toldSecretCount)
            if books.tellsLastSecret {
                anchor = secretChain(books.generation + 1).anchor
            }
        }
        let block = try books.makeBlock(at: now, key: key, secret: secret, anchor: anchor)
        append(.block(block))
    }

    private func secretChain(_ generation: UInt64) -> SecretChain {
        if let secrets, secrets.generation == generation { return secrets.chain }
        let chain = SecretChain(key: key, salt: genesis.salt, generation: generation, count: genesis.secretCount)
        secrets = (generation, chain)
        return chain
    }
}

extension LedgerBooks {
    /// Closes the open block with the operator's name; its line is still to be added.
    mutating func makeBlock(
        at time: UInt64, key: PrivateKey, secret: Bytes32?, anchor: Bytes32?
    ) throws(LedgerError) -> LedgerBlock {
        let digest = LedgerBlock.digest(
            height: height, time: time, secret: secret, anchor: anchor, line: lineCount, previous: head, in: domain)
        let block = LedgerBlock(
            height: height, time: time, secret: secret, anchor: anchor, signature: key.sign(digest))
        try close(block)
        return block
    }
}
