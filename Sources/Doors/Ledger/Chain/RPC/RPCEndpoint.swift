package import Chores
import Synchronization

/// One endpoint of a chain: asks it, in batches, and understands only what answers the question.
///
/// - Source: JSON-RPC 2.0.
package final class RPCEndpoint: Sendable {
    /// For people: the host, never the whole URL.
    package let name: String
    private let transport: any RPCTransport
    private let settings: RPCSettings
    private let sleeper: Sleeper
    private let next = Atomic<UInt64>(1)

    /// An endpoint.
    package init(name: String, transport: any RPCTransport, settings: RPCSettings = RPCSettings(), sleeper: Sleeper) {
        self.name = name
        self.transport = transport
        self.settings = settings
        self.sleeper = sleeper
    }

    /// Asks several things at once; the answers are in the order of the questions.
    ///
    /// - Throws: `LedgerError.unreachable` when it does not answer in time, `.malformed` when what it sends is no answer.
    package func ask(_ calls: [RPCCall]) async throws -> [RPCAnswer] {
        var answers: [RPCAnswer] = []
        var start = 0
        while start < calls.count {
            let end = min(start + settings.maximumBatch, calls.count)
            answers += try await batch(Array(calls[start..<end]))
            start = end
        }
        return answers
    }

    private func batch(_ calls: [RPCCall]) async throws -> [RPCAnswer] {
        let first = next.wrappingAdd(UInt64(calls.count), ordering: .relaxed).oldValue
        let requests = calls.enumerated().map { index, call in
            JSONValue.object([
                "jsonrpc": .text("2.0"), "id": .number(String(first + UInt64(index))), "method": .text(call.method),
                "params": .list(call.parameters),
            ])
        }
        let request = requests.count == 1 ? requests[0] : JSONValue.list(requests)
        let answer = try JSONValue(parsing: try await exchange(request.encoded))
        return try Self.match(answer, first: first, count: calls.count)
    }

    /// Finds the answer to each question by its id; each has to be there exactly once.
    package static func match(_ answer: JSONValue, first: UInt64, count: Int) throws(LedgerError) -> [RPCAnswer] {
        let parts: [JSONValue]
        if case .list(let items) = answer { parts = items } else { parts = [answer] }
        // An endpoint that cannot read a batch answers it with one error that has no id.
        if parts.count == 1, let error = parts[0]["error"], error != .null, parts[0]["id"] ?? .null == .null {
            return [RPCAnswer](repeating: .failure(try RPCFailure(error)), count: count)
        }
        guard parts.count == count else { throw .malformed("answer: \(parts.count) parts to \(count) questions") }
        var found = [RPCAnswer?](repeating: nil, count: count)
        for part in parts {
            guard case .number(let digits)? = part["id"], let id = UInt64(digits), id >= first, id - first < UInt64(count),
                found[Int(id - first)] == nil
            else { throw .malformed("answer: to a question nobody asked") }
            if let error = part["error"], error != .null {
                found[Int(id - first)] = .failure(try RPCFailure(error))
            } else {
                guard let result = part["result"] else { throw .malformed("answer: neither result nor error") }
                found[Int(id - first)] = .result(result)
            }
        }
        return found.compactMap { $0 }
    }

    private func exchange(_ request: [UInt8]) async throws -> [UInt8] {
        let (transport, sleeper, settings) = (transport, sleeper, settings)
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await transport.exchange(request, maximumSize: settings.maximumAnswer) }
            group.addTask {
                try await sleeper.sleep(settings.timeout)
                throw LedgerError.unreachable("no answer within \(settings.timeout)")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw LedgerError.unreachable("no answer") }
            return answer
        }
    }
}

/// How endpoints are asked.
package struct RPCSettings: Hashable, Sendable {
    /// Until an endpoint counts as silent.
    package var timeout: Duration = .seconds(20)
    /// Questions in one request: what common providers allow.
    package var maximumBatch = 100
    /// Bytes of an answer: the logs of a full range.
    package var maximumAnswer = 16 << 20
    /// Blocks an endpoint may be behind the others.
    package var maximumLag: UInt64 = 3
    /// Endpoints that have to give the same answer where one could lie about money.
    package var agreement = 2
    /// Rounds over all endpoints until a read is given up.
    package var attempts = 3
    /// Between two rounds.
    package var pause: Duration = .seconds(1)

    /// What programs begin with.
    package init() {}
}
