import Contracts
import Ethereum
import Logging
import StorageModel

/// Sends what one key wants done: nonces without gaps, everything on disk before it is on the network.
///
/// One of these exists for a key in a process; two processes must not share a key.
///
/// - Source: economy design §11, nonces.
actor TransactionSender {
    let account: Address
    let chain: ChainClient
    let store: IntentStore
    let contracts: ContractAddresses
    let settings: EthereumSettings
    let logger: Logger
    private let alone = OneAtATime()
    var signer: (any SettlementSigner)?

    init(
        account: Address, chain: ChainClient, store: IntentStore, settings: EthereumSettings, logger: Logger
    ) {
        self.account = account
        self.chain = chain
        self.store = store
        contracts = settings.contracts
        self.settings = settings
        self.logger = logger
    }

    /// Hands over the key: without it transactions are sent again, but none is made.
    func use(_ signer: any SettlementSigner) { self.signer = signer }

    // MARK: Verbs

    /// Takes an intent; when it returns it is on disk, and sent if the chain can be reached.
    ///
    /// - Throws: `SettlementError` or `LedgerError.operationFailed` when it is refused at once: it is forgotten then.
    func submit(_ intent: Intent) async throws {
        try await alone.run {
            if let before = try await store.insert([intent]) {
                guard before.isSame(as: intent) else {
                    throw LedgerError.operationFailed("the id was used for another operation")
                }
                return
            }
            do { try await work() } catch let error as LedgerError {
                // It is kept, and sent when the chain is back.
                logger.warning("an operation waits for the chain", metadata: ["error": "\(error)"])
                return
            } catch let failure as RPCFailure {
                logger.warning("an operation waits for the chain", metadata: ["error": "\(failure)"])
                return
            }
            guard let now = try await store.intent(intent.id, of: account), now.state == .failed, now.inclusion == nil else {
                return
            }
            try await store.forget(now)
            throw Self.error(now.reason)
        }
    }

    /// Looks after everything that is not over: notes what was mined, sends again what was forgotten, replaces what is
    /// stuck, sends what waits.
    ///
    /// - Throws: `LedgerError`.
    func advance() async throws { try await alone.run { try await work() } }

    /// Takes back an intent: one that waits is over at once, one that was sent is replaced by a transfer to oneself.
    ///
    /// - Returns: whether it can still be taken back.
    func cancel(_ id: Bytes32) async throws -> Bool {
        try await alone.run {
            guard var intent = try await store.intent(id, of: account) else { return false }
            switch intent.state {
            case .queued:
                intent.state = .cancelled
                try await store.update(intent)
                return true
            case .sent:
                let head = try await chain.head()
                guard let last = try await store.attempts(of: intent).last, let fee = try await fee(head),
                    let higher = fee.replacing(last, settings.fees)
                else { return false }
                try await send(intent, fee: higher, at: head, cancels: true)
                return true
            case .included, .final, .failed, .cancelled: return false
            }
        }
    }

    private func work() async throws {
        let head = try await chain.head()
        for intent in try await store.openIntents(of: account) where intent.state != .queued { try await settle(intent, head) }
        for intent in try await store.openIntents(of: account) where intent.state == .sent { try await nurse(intent, head) }
        while try await sendQueued(head) {}
    }

    /// A kept reason as an error.
    static func error(_ reason: String?) -> any Error {
        guard let reason else { return LedgerError.operationFailed("for an unknown reason") }
        return SettlementError(rawValue: reason) ?? LedgerError.operationFailed(reason)
    }

    // MARK: Mined

    /// Notes whether one of the intent's transactions is in a block, and whether that stays.
    private func settle(_ intent: Intent, _ head: BlockHeader) async throws {
        var intent = intent
        let attempts = try await store.attempts(of: intent)
        let receipts = try await chain.receipts(attempts.map(\.hash), upTo: head.number)
        guard let (attempt, receipt) = zip(attempts, receipts).first(where: { $0.1 != nil }), let receipt else {
            // An endpoint that is behind does not have the block yet: that takes nothing back.
            if intent.state == .included, head.number >= intent.inclusion?.height ?? 0 {
                // The block is gone. The transaction waits again, if the network still has it.
                intent.state = .sent
                intent.inclusion = nil
                intent.reason = nil
                try await store.update(intent)
            }
            return
        }
        let inclusion = Intent.Inclusion(
            transaction: receipt.transaction, height: receipt.height, blockHash: receipt.blockHash,
            isSuccess: receipt.isSuccess)
        let isNew = intent.inclusion != inclusion
        intent.inclusion = inclusion
        intent.state = .included
        if isNew { intent.reason = receipt.isSuccess ? nil : try await reason(of: intent, attempt, receipt) }
        if head.number >= receipt.height, head.number - receipt.height >= settings.confirmations {
            intent.state = attempt.cancels ? .cancelled : .final
        }
        if intent.state == .included, attempt.cancels { intent.reason = "cancelled" }
        if isNew || intent.state != .included { try await store.update(intent) }
    }

    /// Why a transaction in a block had no effect: the call is made again on that block, and on the one before.
    private func reason(of intent: Intent, _ attempt: Attempt, _ receipt: ChainReceipt) async throws -> String {
        if let limit = try? SignedTransaction(encoded: attempt.raw).transaction.gasLimit, receipt.gasUsed >= limit {
            return "out of gas"
        }
        for height in [receipt.height, receipt.height > 0 ? receipt.height - 1 : 0] {
            do {
                _ = try await chain.call(intent.receiver, intent.data, from: account, at: .number(height))
            } catch let failure as RPCFailure where failure.kind == .reverted {
                return try await explain(intent, failure)
            } catch is RPCFailure {
                continue
            }
        }
        return "the reason cannot be found again"
    }

    /// A refusal in words; the token gives none, so its balances are asked.
    private func explain(_ intent: Intent, _ failure: RPCFailure) async throws -> String {
        switch RevertReason(failure.data) {
        case .rule(let error): return error.rawValue
        case .text(let text): return text
        case .panic(let code): return "panic \(code)"
        case .silent:
            guard intent.receiver == contracts.token, intent.data.starts(with: TokenABI.transfer.selector),
                let values = try? ABIValue.decode(TokenABI.transfer.types, from: Array(intent.data.dropFirst(4))),
                let amount = try? values[1].amount(), try await chain.balance(of: account, contracts) < amount
            else { return failure.message.isEmpty ? "the contract gave no reason" : failure.message }
            return SettlementError.balanceTooLow.rawValue
        }
    }

    // MARK: Waiting for a block

    /// Sees to a transaction that is in no block.
    private func nurse(_ intent: Intent, _ head: BlockHeader) async throws {
        guard let nonce = intent.nonce, let last = try await store.attempts(of: intent).last else { return }
        if try await chain.transactionCount(of: account, at: .latest) > nonce {
            try await giveUpNonce(intent, nonce, head)
            return
        }
        if try await !chain.knows(last.hash) {
            try await store.setAccepted(last.hash, try await broadcast(last.raw))
        } else if !last.isAccepted {
            try await store.setAccepted(last.hash, true)
        }
        // What can wait for a smaller fee is not made dearer.
        if intent.isPatient, try await waitsForFee(intent, head) { return }
        guard signer != nil, head.number >= last.height, head.number - last.height >= settings.fees.replaceAfter,
            let fee = try await fee(head), let higher = fee.replacing(last, settings.fees)
        else { return }
        try await send(intent, fee: higher, at: head, cancels: last.cancels)
    }

    /// Somebody else used the nonce. Only when that cannot change any more a new one is taken: otherwise both transactions
    /// could be mined in the end.
    private func giveUpNonce(_ intent: Intent, _ nonce: UInt64, _ head: BlockHeader) async throws {
        guard head.number >= settings.confirmations,
            try await chain.transactionCount(of: account, at: .number(head.number - settings.confirmations)) > nonce,
            // Asked again after the count: it may have been mined in between.
            try await chain.receipts(try await store.attempts(of: intent).map(\.hash), upTo: .max).allSatisfy({ $0 == nil })
        else { return }
        logger.warning("a nonce was used by somebody else", metadata: ["account": "\(account)", "nonce": "\(nonce)"])
        var intent = intent
        intent.state = .queued
        intent.nonce = nil
        try await store.update(intent)
    }

    /// Hands a transaction to the network.
    ///
    /// - Returns: whether somebody has it now.
    private func broadcast(_ raw: [UInt8]) async throws -> Bool {
        let answers = try await chain.tell(RPCCall("eth_sendRawTransaction", [.data(raw)]))
        for case .failure(let failure) in answers where failure.kind != .known {
            logger.info("an endpoint did not take a transaction", metadata: ["error": "\(failure)"])
        }
        return answers.contains { answer in
            switch answer {
            case .result: true
            case .failure(let failure): failure.kind == .known
            }
        }
    }

    // MARK: Sending

    /// What a transaction would pay now; nil when that is more than allowed.
    private func fee(_ head: BlockHeader) async throws -> Fee? {
        Fee(
            base: head.baseFee?.uint64 ?? 0, tip: try await chain.tip().uint64 ?? .max, settings.fees)
    }

    /// Sends what can be sent.
    ///
    /// - Returns: whether that made something new to do.
    private func sendQueued(_ head: BlockHeader) async throws -> Bool {
        let open = try await store.openIntents(of: account)
        guard open.contains(where: { $0.state == .queued }) else { return false }
        guard let fee = try await fee(head) else {
            logger.info("operations wait for a smaller fee", metadata: ["account": "\(account)"])
            return false
        }
        let isAnyInFlight = open.contains { $0.state == .sent }
        var hasNew = false
        for intent in open where intent.state == .queued {
            switch try await judge(intent, fee, head, isAnyInFlight: isAnyInFlight) {
            case .wait: continue
            case .changed: hasNew = true
            case .send(let gas):
                try await send(intent, fee: fee, at: head, gas: gas, cancels: false)
                hasNew = true
                // On a chain that makes a block for each transaction it is mined already: the next one may build on it.
                if let sent = try await store.intent(intent.id, of: account) { try await settle(sent, try await chain.head()) }
            }
            if hasNew { break }
        }
        return hasNew
    }

    private enum Judgement {
        case wait
        /// Something was written; look again.
        case changed
        /// With so much gas.
        case send(gas: UInt64)
    }

    private func judge(
        _ intent: Intent, _ fee: Fee, _ head: BlockHeader, isAnyInFlight: Bool
    ) async throws -> Judgement {
        var intent = intent
        guard signer != nil else { return .wait }
        if let predecessor = intent.predecessor, let before = try await store.intent(predecessor, of: account) {
            switch (before.state, before.inclusion?.isSuccess) {
            case (.included, true?), (.final, true?): break
            case (.queued, _), (.sent, _): return .wait
            default: return try await fail(&intent, "its approval failed: \(before.reason ?? "cancelled")")
            }
        }
        if intent.isPatient, try await waitsForFee(intent, head) { return .wait }
        if intent.taken > .zero, let spender = intent.receiver, try await approve(&intent, spender) { return .changed }
        do {
            let gas = try await chain.gas(intent.receiver, intent.data, from: account)
            let limit = min(gas + gas / 5 + 5000, settings.fees.maximumGas)
            let (cost, _) = UInt256(limit).multipliedReportingOverflow(by: UInt256(fee.maximum))
            if try await chain.etherBalance(of: account) < cost { return try await wait(&intent, "not enough ether for gas") }
            return .send(gas: limit)
        } catch let failure as RPCFailure where failure.kind == .reverted {
            // What is still on its way may be what it needs.
            return isAnyInFlight ? .wait : try await fail(&intent, try await explain(intent, failure))
        } catch let failure as RPCFailure {
            return try await wait(&intent, failure.description)
        }
    }

    private func wait(_ intent: inout Intent, _ reason: String) async throws -> Judgement {
        if intent.reason != reason {
            intent.reason = reason
            try await store.update(intent)
        }
        return .wait
    }

    private func fail(_ intent: inout Intent, _ reason: String) async throws -> Judgement {
        intent.state = .failed
        intent.reason = reason
        try await store.update(intent)
        return .changed
    }

    /// Whether it is too dear for what can wait. A closing channel ends the waiting: what is not claimed then is lost.
    private func waitsForFee(_ intent: Intent, _ head: BlockHeader) async throws -> Bool {
        let tip = min(try await chain.tip().uint64 ?? .max, settings.fees.maximumTip)
        guard (head.baseFee?.uint64 ?? 0).addingReportingOverflow(tip).partialValue > settings.fees.patientFee else {
            return false
        }
        for id in intent.channels {
            if let state = try await chain.channel(id, contracts), state.closesAt != nil, !state.isClosed { return false }
        }
        return true
    }

    /// Makes sure that a contract may take what an intent needs.
    ///
    /// - Returns: whether approvals had to be queued first.
    private func approve(_ intent: inout Intent, _ spender: Address) async throws -> Bool {
        guard intent.predecessor == nil, spender != contracts.token else { return false }
        guard let last = try await queueApproval(of: spender, atLeast: intent.taken) else { return false }
        intent.predecessor = last
        try await store.update(intent)
        return true
    }

    /// Queues what lets a contract take this key's money: an allowance that is there but too small goes to zero first.
    ///
    /// - Returns: the last intent; nil when the allowance is enough.
    private func queueApproval(of spender: Address, atLeast amount: TokenAmount) async throws -> Bytes32? {
        let allowance = try await chain.allowance(of: account, for: spender, contracts)
        guard allowance < amount else { return nil }
        let approval = TokenABI.approve.call([.address(spender), .uint(.max)])
        let open = try await store.openIntents(of: account)
        if let same = open.first(where: { $0.receiver == contracts.token && $0.data == approval && $0.state != .included }) {
            return same.id
        }
        var intents: [Intent] = []
        if allowance > .zero {
            let reset = TokenABI.approve.call([.address(spender), .uint(.zero)])
            intents.append(Intent(id: settings.newID(), sender: account, receiver: contracts.token, data: reset))
        }
        var last = Intent(id: settings.newID(), sender: account, receiver: contracts.token, data: approval)
        last.predecessor = intents.last?.id
        intents.append(last)
        _ = try await store.insert(intents)
        return last.id
    }

    /// Queues and sends the approvals of all contracts.
    func prepare() async throws -> [Bytes32] {
        try await alone.run {
            var ids: [Bytes32] = []
            for spender in [contracts.channels, contracts.payouts, contracts.agreements] {
                if let id = try await queueApproval(of: spender, atLeast: TokenAmount(1 << 62)) { ids.append(id) }
            }
            try await work()
            return ids
        }
    }

    /// Signs, keeps, and then sends.
    private func send(
        _ intent: Intent, fee: Fee, at head: BlockHeader, gas: UInt64? = nil, cancels: Bool
    ) async throws {
        guard let signer else { return }
        let nonce: UInt64
        if let own = intent.nonce { nonce = own } else { nonce = try await nextNonce() }
        let transaction = Transaction(
            chainID: chain.chainID, nonce: nonce, maximumTip: UInt256(fee.tip), maximumFee: UInt256(fee.maximum),
            gasLimit: cancels ? Self.transferGas : try await limit(intent, gas), to: cancels ? account : intent.receiver,
            data: cancels ? [] : intent.data)
        let signed = SignedTransaction(
            transaction: transaction, signature: try await signer.sign(transaction.signingDigest))
        guard try signed.sender() == account else { throw LedgerError.wrongSigner }
        let attempt = Attempt(
            hash: signed.hash, raw: signed.encoded, fee: fee.maximum, tip: fee.tip, height: head.number, cancels: cancels,
            isAccepted: false)
        try await store.add(attempt, to: intent, nonce: nonce)
        try await store.setAccepted(attempt.hash, try await broadcast(attempt.raw))
    }

    /// Gas of a transfer of nothing.
    private static let transferGas: UInt64 = 21_000

    /// A replacement has the gas of the first one: the call may fail by now, and its nonce is needed all the same.
    private func limit(_ intent: Intent, _ gas: UInt64?) async throws -> UInt64 {
        if let gas { return gas }
        let first = try await store.attempts(of: intent).first { !$0.cancels }
        return try first.map { try SignedTransaction(encoded: $0.raw).transaction.gasLimit } ?? settings.fees.maximumGas
    }

    /// The nonce after all of ours, and after what the network knows of this key.
    private func nextNonce() async throws -> UInt64 {
        let known = max(
            try await chain.transactionCount(of: account, at: .latest),
            try await chain.transactionCount(of: account, at: .pending))
        return max(known, try await store.largestNonce(of: account).map { $0 + 1 } ?? 0)
    }
}
