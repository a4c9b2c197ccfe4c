import Contracts
import Ethereum
import StorageModel
import Testing

/// What the contracts did, call by call, followed by the rules of the ledger: both must say the same of everything.
struct SettlementTrace {
    private(set) var callCount = 0
    private(set) var doneCount = 0
    private var ledger: SettlementState?
    private var hashes: [UInt64: Bytes32] = [:]
    private var call = ""
    private var expected: [String] = []

    /// Follows a whole trace.
    ///
    /// - Throws: `TraceLine.Unreadable`; a difference is an issue of the test.
    mutating func follow(_ text: String) throws {
        for line in text.split(separator: "\n") where try !follow(line: line) { return }
    }

    /// - Returns: whether the rules and the contracts still agree.
    private mutating func follow(line text: Substring) throws -> Bool {
        var line = TraceLine(text)
        switch try line.word() {
        case "world": try begin(&line)
        case "mint":
            let owner = try line.address()
            let operation = SettlementOperation.mint(to: owner, try line.amount())
            guard let operatorAddress = ledger?.operatorAddress else { throw TraceLine.Unreadable(line: line.text) }
            _ = try ledger?.apply(operation, by: operatorAddress, at: LedgerTime(seconds: 0, height: 0))
        case "hash": hashes[try line.number()] = try line.hash()
        case "call":
            call = line.text
            callCount += 1
            expected = try outcome(&line)
        case "event", "done", "refused":
            let next = expected.isEmpty ? "nothing more" : expected.removeFirst()
            guard next == line.text else {
                Issue.record("call \(callCount): the contracts say \(line.text), the rules \(next): \(call)")
                return false
            }
        default: try compare(text)
        }
        return true
    }

    private mutating func begin(_ line: inout TraceLine) throws {
        let domains = SettlementDomains(
            chainID: try line.number(), channels: try line.address(), agreements: try line.address(),
            payouts: try line.address())
        ledger = SettlementState(domains: domains, operatorAddress: try line.address())
        hashes = [:]
    }

    /// What the rules say of a call, as the lines that should follow.
    private mutating func outcome(_ line: inout TraceLine) throws -> [String] {
        let sender = try line.address()
        let time = LedgerTime(seconds: try line.number(), height: try line.number(), hashes: hashes)
        let operation = try line.operation()
        do throws(SettlementError) {
            let events = try ledger?.apply(operation, by: sender, at: time) ?? []
            doneCount += 1
            return events.map(\.traced) + ["done"]
        } catch {
            return ["refused \(error.rawValue)"]
        }
    }

    /// What is there in the end.
    private func compare(_ text: Substring) throws {
        guard let ledger else { throw TraceLine.Unreadable(line: String(text)) }
        var line = TraceLine(text)
        switch try line.word() {
        case "balance": #expect(try holding(of: line.address(), in: ledger) == line.amount(), "\(text)")
        case "credit": #expect(try (ledger.credits[line.address()] ?? .zero) == line.amount(), "\(text)")
        case "channel":
            let state = ledger.channels[try line.hash()]
            #expect(try state?.funded == line.amount(), "\(text)")
            #expect(try state?.claimed == line.amount(), "\(text)")
            #expect(try (state?.closesAt ?? 0) == line.number(), "\(text)")
            #expect(try state?.isClosed == (line.number() == 1), "\(text)")
        case "agreement":
            let state = ledger.agreements[try line.hash()]
            #expect(try state?.paid.mask == UInt256(line.hash()), "\(text)")
            #expect(try state?.missed.mask == UInt256(line.hash()), "\(text)")
            #expect(try state?.escrow == line.amount(), "\(text)")
            #expect(try state?.collateral == line.amount(), "\(text)")
            #expect(try state?.isFinished == (line.number() == 1), "\(text)")
        case "payout":
            let state = ledger.payouts[try line.address()] ?? PayoutState()
            #expect(try state.pool == line.amount(), "\(text)")
            if try line.number() == 1 {
                let anchor = PayoutAnchor(
                    period: try line.number(), payoutRoot: try line.hash(), reportRoot: try line.hash(),
                    total: try line.amount(), farmerCount: try line.number())
                #expect(state.anchor == anchor, "\(text)")
            } else {
                #expect(state.anchor == nil, "\(text)")
            }
        default: throw TraceLine.Unreadable(line: line.text)
        }
    }

    /// An owner's tokens: with the contracts lies what the rules call locked.
    private func holding(of owner: Address, in ledger: SettlementState) -> TokenAmount {
        let domains = ledger.domains
        let parts =
            switch owner {
            case domains.channels.contract: ledger.channels.values.values.map(\.locked)
            case domains.payoutsContract: ledger.payouts.values.values.map(\.pool)
            case domains.agreements.contract:
                ledger.agreements.values.values.map(\.locked) + Array(ledger.credits.values.values)
            default: [ledger.balances[owner] ?? .zero]
            }
        return TokenAmount(parts.reduce(0) { $0 + $1.units })
    }
}
