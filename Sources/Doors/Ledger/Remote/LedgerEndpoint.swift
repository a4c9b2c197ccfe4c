import Contracts
package import DRPC
import Ethereum
import Foundation
package import StorageModel
import WireMessages

/// Lets others use a ledger of our own: read it, submit what they have signed, and copy its log.
package struct LedgerEndpoint: Sendable {
    /// Events in an answer at most.
    private static let maximumEventCount: UInt32 = 1000

    private let ledger: EmbeddedLedger
    private let budget: SubmitBudget

    /// The endpoint of a ledger.
    ///
    /// - Parameters:
    ///   - clock: for the limit of submissions.
    ///   - submitsPerMinute: operations a caller may submit in a minute, at least 1; those refused count too.
    package init(_ ledger: EmbeddedLedger, clock: WallClock, submitsPerMinute: Int = 6000) {
        self.ledger = ledger
        budget = SubmitBudget(clock: clock, perMinute: submitsPerMinute)
    }

    /// Serves the methods of `LedgerMethods`.
    package func register(in router: inout RPCRouter) {
        router.unary(LedgerMethods.info) { _, _ in try await self.info() }
        router.unary(LedgerMethods.submit) { try await self.submit($0, $1) }
        router.unary(LedgerMethods.status) { request, _ in try await self.status(request) }
        router.unary(LedgerMethods.read) { request, _ in try await self.read(request) }
        router.unary(LedgerMethods.events) { request, _ in try await self.events(request) }
        router.unary(LedgerMethods.log) { request, _ in try await self.log(request) }
    }

    private func info() async throws -> Ledger_InfoResponse {
        try await Self.answering {
            let time = try await ledger.time()
            var response = Ledger_InfoResponse()
            response.genesis = Data(LedgerLine.genesis(ledger.genesis).encoded)
            response.height = time.height
            response.time = time.seconds
            response.head = Data(try await ledger.read { $0.head }.bytes)
            return response
        }
    }

    private func submit(_ request: Ledger_SubmitRequest, _ context: RPCContext) async throws -> Ledger_SubmitResponse {
        guard request.operation.count <= SignedOperation.maximumByteCount,
            let signed = try? SignedOperation(encoded: request.operation)
        else { throw RPCStatusError(.invalidArgument, "malformed operation") }
        guard budget.take(from: context.remoteHost) else {
            throw RPCStatusError(.resourceExhausted, "too many operations")
        }
        var response = Ledger_SubmitResponse()
        do {
            let place = try await Self.answering { try await ledger.submit(signed) }
            response.id = Data(signed.id.bytes)
            response.height = place.line
        } catch let error as SettlementError {
            response.refusal = error.rawValue
        }
        return response
    }

    private func status(_ request: Ledger_StatusRequest) async throws -> Ledger_StatusResponse {
        guard let name = OperationName(Array(request.id)) else {
            throw RPCStatusError(.invalidArgument, "malformed id")
        }
        return try await Self.answering {
            var response = Ledger_StatusResponse()
            if let place = try await ledger.place(of: name.id, by: name.sender) {
                response.isKnown = true
                response.height = place.line
            }
            return response
        }
    }

    private func read(_ request: Ledger_ReadRequest) async throws -> Ledger_ReadResponse {
        guard let subject = LedgerSubject(request) else { throw RPCStatusError(.invalidArgument, "malformed key") }
        return try await Self.answering {
            let (value, height) = try await ledger.read { (subject.value(in: $0), $0.height) }
            var response = Ledger_ReadResponse()
            response.value = Data(value)
            response.height = height
            return response
        }
    }

    private func events(_ request: Ledger_EventsRequest) async throws -> Ledger_EventsResponse {
        let limit = request.limit == 0 ? Self.maximumEventCount : min(request.limit, Self.maximumEventCount)
        return try await Self.answering {
            let page = try await ledger.events(after: EventCursor(position: request.after), limit: Int(limit))
            var response = Ledger_EventsResponse()
            response.events = page.events.map { Data($0.encoded) }
            response.after = page.next.position
            return response
        }
    }

    private func log(_ request: Ledger_LogRequest) async throws -> Ledger_LogPart {
        try await Self.answering {
            var part = Ledger_LogPart()
            part.content = Data(try await ledger.frames(from: request.after, limit: 1 << 16))
            return part
        }
    }

    /// Tells callers what they can do something about.
    private static func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as LedgerError {
            let code: RPCStatusCode =
                switch error {
                case .wrongNumber, .operationFailed: .failedPrecondition
                case .wrongSigner: .unauthenticated
                case .malformed: .invalidArgument
                case .damaged: .dataLoss
                default: .unavailable
                }
            throw RPCStatusError(code, error.description)
        }
    }
}
