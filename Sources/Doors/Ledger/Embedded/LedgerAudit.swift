import Contracts
package import Ethereum
package import StorageModel

/// Reads the log of anybody's ledger as a stranger: every hash, every signature, every rule.
package enum LedgerAudit {
    /// What came out.
    package struct Finding: Sendable {
        /// All the log says, as far as it holds; nil when not even its beginning does.
        package let books: LedgerBooks?
        /// Lines under the operator's last block: only those is the operator bound to.
        package let signedLineCount: UInt64
        /// Why the rest does not hold, with the line; nil when all of it does.
        package let objection: String?
        /// Bytes after the last whole line: one that was being written when the file was copied, or was cut off.
        package let tornByteCount: UInt64

        /// Whether every line holds.
        package var holds: Bool { objection == nil && books != nil }
    }

    /// Checks a log.
    ///
    /// - Parameters:
    ///   - path: of the file, or of a copy that was fetched.
    ///   - address: who must have kept it; nil for whoever did.
    ///   - visit: sees every line with its hash. Lines are only good as far as the finding says.
    /// - Throws: `LedgerError.file` when the file cannot be read. What is wrong with the log is in the finding.
    package static func verify(
        file path: String, operator address: Address? = nil, disk: any LedgerDisk = SystemLedgerDisk(),
        visit: (@Sendable (LedgerLine, Bytes32) -> Void)? = nil
    ) async throws -> Finding {
        let file = try disk.openForReading(path)
        var reader = LogReader { offset, count in try file.read(at: offset, count: count) }
        var replay = LedgerReplay(trust: .nobody) { frame, line in visit?(line, frame.hash) }
        var objection: String?
        do {
            while let frame = try await reader.next() { try await replay.take(frame) }
            try await replay.finish()
        } catch LedgerError.damaged(let reason) {
            objection = reason
        }
        let rest = try file.size() - reader.offset
        if objection == nil, reader.isBroken {
            objection = "byte \(reader.offset): no line begins here that belongs to the one before"
        }
        if objection == nil, replay.books == nil { objection = "the log is empty" }
        if let books = replay.books, let address, books.genesis.operatorAddress != address {
            objection = "the ledger is kept by \(books.genesis.operatorAddress)"
        }
        return Finding(
            books: replay.books, signedLineCount: replay.signedLineCount, objection: objection,
            tornByteCount: objection == nil ? rest : 0)
    }
}
