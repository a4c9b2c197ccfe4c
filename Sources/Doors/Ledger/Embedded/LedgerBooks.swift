package import Contracts
package import Ethereum
package import StorageModel

/// All a ledger's log says, up to some line: the state of the rules and what the log itself goes on from.
///
/// The same books are kept by the one who writes the log and by everybody who reads it again. They check everything but
/// signatures, which readers check beforehand and in parallel.
package struct LedgerBooks: Sendable {
    /// How it began.
    package let genesis: LedgerGenesis
    /// Where operations and blocks are signed.
    package let domain: SigningDomain
    /// What the rules say.
    package private(set) var state: SettlementState
    /// The block that is open.
    package private(set) var height: UInt64 = 0
    /// The time of the last line, seconds since 1970.
    package private(set) var time: UInt64
    /// The hash of the last line.
    package private(set) var head: Bytes32
    /// Lines, the genesis included.
    package private(set) var lineCount: UInt64 = 1
    /// Operations in the open block.
    package private(set) var openOperationCount = 0
    /// The time of the last block.
    package private(set) var blockTime: UInt64
    /// Blocks ahead from which a beacon will be drawn.
    package private(set) var targets: Set<UInt64> = []
    /// Chains of secrets that are used up, and secrets told of the current one.
    private(set) var generation: UInt64 = 0
    private(set) var toldSecretCount: UInt32 = 0
    private(set) var index = OperationIndex()
    private var numbers: [Address: UInt64] = [:]
    private var hashes: [UInt64: Bytes32] = [:]
    private var anchor: Bytes32

    /// The books after the genesis.
    init(genesis: LedgerGenesis, hash: Bytes32) {
        let domains = LedgerGenesis.domains(hash: hash)
        self.genesis = genesis
        domain = SignedOperation.domain(of: domains)
        state = SettlementState(domains: domains, operatorAddress: genesis.operatorAddress)
        time = genesis.time
        blockTime = genesis.time
        head = hash
        anchor = genesis.anchor
    }

    /// How many operations a sender has done.
    package func number(of sender: Address) -> UInt64 { numbers[sender] ?? 0 }

    /// What an operation done now may know.
    package func moment(at seconds: UInt64) -> LedgerTime {
        LedgerTime(seconds: seconds, height: height, hashes: hashes)
    }

    // MARK: Operations

    /// Does an operation whose own signature was checked.
    ///
    /// - Throws: `SettlementError`, `LedgerError.wrongNumber`; nothing has changed then.
    mutating func perform(_ signed: SignedOperation, at seconds: UInt64) throws -> LedgerLine.Entry {
        let expected = number(of: signed.sender)
        guard signed.number == expected else {
            throw LedgerError.wrongNumber(expected: expected, actual: signed.number)
        }
        let events = try state.apply(signed.operation, by: signed.sender, at: moment(at: seconds))
        numbers[signed.sender] = expected + 1
        index.insert(
            signed.id, OperationIndex.Place(sender: signed.sender, line: lineCount, height: height))
        for case .beaconArmed(_, let target) in events { targets.insert(target) }
        openOperationCount += 1
        time = seconds
        return LedgerLine.Entry(height: height, time: seconds, signed: signed, events: events)
    }

    /// Takes a line into the chain.
    ///
    /// - Returns: its hash.
    mutating func add(_ content: [UInt8]) -> Bytes32 {
        head = LedgerLine.hash(content, after: head)
        lineCount += 1
        return head
    }

    // MARK: Blocks

    /// Whether the block that is open draws a beacon when it is closed.
    var drawsBeacon: Bool { targets.contains(height) }
    /// Whether the next secret is the last one of its chain.
    var tellsLastSecret: Bool { toldSecretCount + 1 == genesis.secretCount }

    /// Closes the open block, before its line is added.
    ///
    /// - Throws: `LedgerError.damaged` for a block that does not fit here; nothing has changed then.
    mutating func close(_ block: LedgerBlock) throws(LedgerError) {
        guard block.height == height else { throw .damaged("block \(block.height) where \(height) belongs") }
        guard block.time >= time else { throw .damaged("block \(height) is earlier than the line before") }
        guard (block.secret != nil) == drawsBeacon else { throw .damaged("the secret of block \(height)") }
        guard (block.anchor != nil) == (drawsBeacon && tellsLastSecret) else {
            throw .damaged("the anchor of block \(height)")
        }
        if let secret = block.secret {
            guard SecretChain.hash(secret) == anchor else { throw .damaged("the secret of block \(height)") }
            hashes[height] = LedgerBlock.beacon(secret: secret, previous: head)
            targets.remove(height)
            anchor = block.anchor ?? secret
            toldSecretCount = block.anchor == nil ? toldSecretCount + 1 : 0
            if block.anchor != nil { generation += 1 }
        }
        time = block.time
        blockTime = block.time
        height += 1
        openOperationCount = 0
        // What rules cannot see any more is let go.
        for old in hashes.keys where height - old > LedgerTime.visibleHashes + 1 { hashes[old] = nil }
    }

    // MARK: Reading again

    /// Takes a line of a log, after the genesis. Signatures are not looked at.
    ///
    /// - Throws: `LedgerError.damaged` when the line breaks a rule; the books are of no use then.
    mutating func replay(_ line: LedgerLine, content: [UInt8]) throws(LedgerError) {
        switch line {
        case .genesis: throw .damaged("a second genesis")
        case .operation(let entry): try replay(entry)
        case .block(let block): try close(block)
        }
        _ = add(content)
    }

    private mutating func replay(_ entry: LedgerLine.Entry) throws(LedgerError) {
        guard entry.height == height else { throw .damaged("an operation of block \(entry.height) in block \(height)") }
        guard entry.time >= time else { throw .damaged("an operation earlier than the line before") }
        guard openOperationCount < LedgerBlock.maximumOperationCount else {
            throw .damaged("block \(height) is too long")
        }
        guard index.place(of: entry.signed.id, by: entry.signed.sender) == nil else {
            throw .damaged("two operations of one name")
        }
        let trusted = state.takesSignaturesOnTrust
        state.takesSignaturesOnTrust = true
        defer { state.takesSignaturesOnTrust = trusted }
        do {
            let done = try perform(entry.signed, at: entry.time)
            guard done.events == entry.events else { throw LedgerError.damaged("events that did not happen") }
        } catch let error as LedgerError {
            throw error
        } catch {
            throw .damaged("an operation against the rules: \(error)")
        }
    }
}
