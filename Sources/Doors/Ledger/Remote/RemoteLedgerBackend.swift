package import Contracts
package import DRPC
package import Ethereum
import Foundation
package import StorageModel
import WireMessages

/// A ledger that somebody else keeps, for instance a satellite.
///
/// Answers are taken as they come: the keeper could lie about a balance. It cannot make operations up, as it has none
/// of the keys, and its log can be fetched and checked by `LedgerAudit` at any time.
package final class RemoteLedgerBackend: SettlementBackend {
    /// How often a number that others were faster with is asked for again.
    private static let triesPerOperation = 5

    package let description: SettlementDescription
    /// How the ledger begins.
    package let genesis: LedgerGenesis
    private let domain: SigningDomain
    private let dialer: any RPCDialer
    private let url: NodeURL
    private let random: RandomSource
    private let turns = SenderTurns()
    private let senders = RecentSenders()

    /// A ledger whose beginning is known.
    package init(genesis: LedgerGenesis, dialer: any RPCDialer, url: NodeURL, random: RandomSource = .system) {
        let domains = LedgerGenesis.domains(hash: genesis.hash)
        self.genesis = genesis
        self.dialer = dialer
        self.url = url
        self.random = random
        domain = SignedOperation.domain(of: domains)
        description = SettlementDescription(
            kind: .embedded, domains: domains, chainID: 0, confirmations: 0, operatorAddress: genesis.operatorAddress)
    }

    /// Asks a keeper which ledger it keeps.
    ///
    /// - Parameter ledger: the account of the ledger that is expected; nil for any.
    /// - Throws: `LedgerError.unreachable`, `.wrongLedger`, `.malformed`.
    package static func connect(
        dialer: any RPCDialer, url: NodeURL, ledger: Address? = nil, random: RandomSource = .system
    ) async throws -> RemoteLedgerBackend {
        let info = try await call(dialer, url, LedgerMethods.info, Ledger_InfoRequest())
        guard case .genesis(let genesis)? = try? LedgerLine(encoded: info.genesis) else {
            throw LedgerError.malformed("genesis")
        }
        let backend = RemoteLedgerBackend(genesis: genesis, dialer: dialer, url: url, random: random)
        let actual = backend.description.domains.payoutsContract
        if let ledger, actual != ledger {
            throw LedgerError.wrongLedger(expected: "\(ledger)", actual: "\(actual)")
        }
        return backend
    }

    // MARK: Reading

    package func time() async throws -> LedgerTime {
        let info = try await call(LedgerMethods.info, Ledger_InfoRequest())
        guard info.genesis.elementsEqual(LedgerLine.genesis(genesis).encoded) else {
            throw LedgerError.wrongLedger(expected: "\(description.domains.payoutsContract)", actual: "another")
        }
        return LedgerTime(seconds: info.time, height: info.height)
    }

    package func balance(of owner: Address) async throws -> TokenAmount { try await read(.balance(owner)) ?? .zero }

    package func channel(_ id: Bytes32) async throws -> ChannelState? { try await read(.channel(id)) }

    package func agreement(_ id: Bytes32) async throws -> AgreementState? { try await read(.agreement(id)) }

    package func beacon(epoch: UInt64) async throws -> BeaconState? { try await read(.beacon(epoch)) }

    package func payout(of satellite: Address) async throws -> PayoutState? { try await read(.payout(satellite)) }

    package func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await read(.paid(PayoutKey(satellite: satellite, farmer: farmer))) ?? .zero
    }

    package func credit(of farmer: Address) async throws -> TokenAmount { try await read(.credit(farmer)) ?? .zero }

    package func fee(of operation: SettlementOperation) async throws -> TokenAmount? { nil }

    private func read<Value: RLPValue>(_ subject: LedgerSubject) async throws -> Value? {
        var request = Ledger_ReadRequest()
        request.subject = subject.subject
        request.key = Data(subject.key)
        let value = try await call(LedgerMethods.read, request).value
        guard !value.isEmpty else { return nil }
        do { return try Value(encoded: value) } catch { throw LedgerError.malformed("answer: \(error)") }
    }

    // MARK: Operations

    package func prepare(_ signer: any SettlementSigner) async throws {}

    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        let id = id ?? .random(using: random)
        senders.remember(signer.address, of: id)
        try await turns.alone(as: signer.address) {
            var triesLeft = Self.triesPerOperation
            while true {
                do { return try await send(operation, by: signer, id: id) } catch LedgerError.wrongNumber {
                    triesLeft -= 1
                    guard triesLeft > 0 else {
                        throw LedgerError.unreachable("others use the same key at the same time")
                    }
                }
            }
        }
        return id
    }

    private func send(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID
    ) async throws {
        let sender = signer.address
        let number: UInt64 = try await read(.number(sender)) ?? 0
        let digest = SignedOperation.digest(
            sender: sender, number: number, id: id.storage, operation: operation, in: domain)
        let signed = SignedOperation(
            sender: sender, number: number, id: id.storage, operation: operation,
            signature: try await signer.sign(digest))
        var request = Ledger_SubmitRequest()
        request.operation = Data(signed.encoded)
        let response: Ledger_SubmitResponse
        do { response = try await call(LedgerMethods.submit, request) } catch let LedgerError.refused(reason) {
            // The number may have been used meanwhile: whoever asks again finds out.
            let newest: UInt64 = try await read(.number(sender)) ?? 0
            throw newest == number
                ? LedgerError.operationFailed(reason) : LedgerError.wrongNumber(expected: newest, actual: number)
        }
        guard response.refusal.isEmpty else {
            guard let error = SettlementError(rawValue: response.refusal) else {
                throw LedgerError.refused(response.refusal)
            }
            throw error
        }
    }

    package func status(of id: OperationID) async throws -> OperationStatus {
        try await entry(of: id).map { .final(height: $0.entry.height) } ?? .unknown
    }

    package func transaction(of id: OperationID) async throws -> Bytes32? { try await entry(of: id)?.hash }

    /// The line of an operation, as it stands in the log.
    private func entry(of id: OperationID) async throws -> (entry: LedgerLine.Entry, hash: Bytes32)? {
        var request = Ledger_StatusRequest()
        request.id = Data(OperationName(id: id, sender: senders.sender(of: id)).bytes)
        let status = try await call(LedgerMethods.status, request)
        guard status.isKnown else { return nil }
        var log = Ledger_LogRequest()
        log.after = status.height
        let content = try await call(LedgerMethods.log, log).content
        guard let first = LedgerLine.split(content).first, case .operation(let entry) = first.line,
            entry.signed.id == id.storage
        else { throw LedgerError.malformed("line of the log") }
        return (entry, first.hash)
    }

    // MARK: Events

    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        precondition(limit > 0, "a page has room for an event")
        var request = Ledger_EventsRequest()
        request.after = cursor?.position ?? 0
        request.limit = UInt32(clamping: limit)
        let response = try await call(LedgerMethods.events, request)
        var events: [PlacedEvent] = []
        for bytes in response.events {
            do { events.append(try PlacedEvent(encoded: bytes)) } catch {
                throw LedgerError.malformed("event: \(error)")
            }
        }
        guard events.count <= limit, response.after >= request.after else {
            throw LedgerError.malformed("page of events")
        }
        return EventPage(events: events, retracted: [], next: EventCursor(position: response.after))
    }

    /// The next lines of the log as they are in its file; empty at the end.
    ///
    /// - Parameter lineCount: lines that are known.
    /// - Throws: `LedgerError`.
    package func log(after lineCount: UInt64) async throws -> [UInt8] {
        var request = Ledger_LogRequest()
        request.after = lineCount
        return Array(try await call(LedgerMethods.log, request).content)
    }

    /// Copies the whole log, for `LedgerAudit`.
    ///
    /// - Parameter write: gets the bytes in order.
    /// - Throws: `LedgerError`, and what `write` throws.
    package func copyLog(_ write: ([UInt8]) async throws -> Void) async throws {
        var lineCount: UInt64 = 0
        while true {
            let part = try await log(after: lineCount)
            let lines = LedgerLine.split(part).count
            guard lines > 0 else { return }
            try await write(part)
            lineCount += UInt64(lines)
        }
    }

    // MARK: Calls

    private func call<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request
    ) async throws -> Response {
        try await Self.call(dialer, url, method, request)
    }

    /// A call whose failure is never mistaken for a refusal by the rules.
    private static func call<Request: WireMessage, Response: WireMessage>(
        _ dialer: any RPCDialer, _ url: NodeURL, _ method: RPCMethod<Request, Response>, _ request: Request
    ) async throws -> Response {
        do {
            return try await dialer.connect(to: url).call(method, request)
        } catch let error as RPCStatusError {
            switch error.code {
            case .failedPrecondition: throw LedgerError.refused(error.message)
            case .unauthenticated: throw LedgerError.wrongSigner
            case .resourceExhausted: throw LedgerError.tooManyRequests
            case .invalidArgument: throw LedgerError.malformed(error.message)
            case .dataLoss: throw LedgerError.damaged(error.message)
            default: throw LedgerError.unreachable(error.message)
            }
        } catch let error as RPCError {
            throw LedgerError.unreachable(error.description)
        }
    }
}
