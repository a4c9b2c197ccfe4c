import Contracts
import Ethereum
import StorageModel

/// Reads a log again from its first line: the chain of hashes, the operator's blocks, and every operation by the rules.
struct LedgerReplay {
    /// Which signatures of senders are looked at.
    enum Trust {
        /// All of them.
        case nobody
        /// Those no block of the operator covers: what the operator has signed, it has checked.
        case operatorBlocks
    }

    /// A line that waits for its block.
    private struct Waiting {
        let line: LedgerLine
        let content: [UInt8]
    }

    /// What the log says; nil before its first line.
    private(set) var books: LedgerBooks?
    /// Where lines begin, and the last ends.
    private(set) var offsets: [UInt64] = [0]
    /// Lines under the operator's last block, that one included.
    private(set) var signedLineCount: UInt64 = 0
    private let trust: Trust
    private let visit: (@Sendable (LogReader.Frame, LedgerLine) -> Void)?
    private var waiting: [Waiting] = []

    /// - Parameter visit: sees every line once it is known to keep the rules.
    init(trust: Trust, visit: (@Sendable (LogReader.Frame, LedgerLine) -> Void)? = nil) {
        self.trust = trust
        self.visit = visit
    }

    /// Lines that were read, also those that wait for their block.
    private var lineCount: UInt64 { UInt64(offsets.count - 1) }

    /// Takes the next line.
    ///
    /// - Throws: `LedgerError.damaged`.
    mutating func take(_ frame: LogReader.Frame) async throws {
        let line: LedgerLine
        do { line = try LedgerLine(encoded: frame.content) } catch {
            throw LedgerError.damaged("line \(lineCount): \(error)")
        }
        guard let books else {
            guard case .genesis(let genesis) = line else {
                throw LedgerError.damaged("the log begins without a genesis")
            }
            self.books = LedgerBooks(genesis: genesis, hash: frame.hash)
            offsets.append(frame.end)
            visit?(frame, line)
            return
        }
        waiting.append(Waiting(line: line, content: frame.content))
        offsets.append(frame.end)
        if case .block(let block) = line {
            let number = lineCount - 1
            guard
                block.isSigned(
                    by: books.genesis.operatorAddress, line: number, previous: frame.previous, in: books.domain)
            else { throw LedgerError.damaged("line \(number): the block is not signed by the operator") }
            try await applyWaiting(checking: trust == .nobody)
            signedLineCount = lineCount
        } else if waiting.count > LedgerBlock.maximumOperationCount {
            throw LedgerError.damaged("line \(lineCount - 1): the block is too long")
        }
        visit?(frame, line)
    }

    /// Takes the lines after the last block, whose signatures nobody else has vouched for.
    ///
    /// - Throws: `LedgerError.damaged`.
    mutating func finish() async throws { try await applyWaiting(checking: true) }

    private mutating func applyWaiting(checking: Bool) async throws {
        guard var books else { return }
        // Two copies of the books would be one too many.
        self.books = nil
        defer { self.books = books }
        if checking { try await Self.check(waiting.map(\.line), books) }
        for item in waiting {
            let number = books.lineCount
            do { try books.replay(item.line, content: item.content) } catch {
                guard case .damaged(let reason) = error else { throw error }
                throw LedgerError.damaged("line \(number): \(reason)")
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Checks the signatures of operations on all cores.
    private static func check(_ lines: [LedgerLine], _ books: LedgerBooks) async throws {
        let domains = books.state.domains
        let domain = books.domain
        let first = books.lineCount
        let share = 64
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: lines.count, by: share) {
                let part = lines[start..<min(start + share, lines.count)]
                group.addTask {
                    for (index, line) in zip(part.indices, part) {
                        guard case .operation(let entry) = line else { continue }
                        guard entry.signed.signatures(in: domains, ledger: domain).allSatisfy({ $0.holds }) else {
                            throw LedgerError.damaged("line \(first + UInt64(index)): a signature does not hold")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
