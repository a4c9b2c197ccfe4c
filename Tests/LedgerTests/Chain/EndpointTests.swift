import Chores
import Ethereum
import Ledger
import StorageModel
import Synchronization
import Testing

@Suite struct EndpointTests {
    private let chain = StubChain()

    private func endpoints(_ faults: StubEndpoint.Faults...) -> [StubEndpoint] {
        chain.grow(20)
        return faults.map { StubEndpoint(chain, $0) }
    }

    private func make(_ change: (inout StubEndpoint.Faults) -> Void) -> StubEndpoint.Faults {
        var faults = StubEndpoint.Faults()
        change(&faults)
        return faults
    }

    @Test func `an endpoint that lags is left out until it has caught up`() async throws {
        let stubs = endpoints(make { $0.lag = 10 }, .init(), .init())
        let client = StubChain.client(stubs)
        #expect(try await client.head() == chain.head)
        #expect(await client.status.map(\.standing) == [.lagging(10), .good, .good])
        stubs[0].faults.withLock { $0.lag = 1 }
        try await client.head()
        #expect(await client.status.map(\.standing) == [.good, .good, .good])
    }

    @Test func `an endpoint that knows other blocks, or boasts of blocks nobody has, is left out`() async throws {
        let client = StubChain.client(endpoints(make { $0.inventsFrom = 15 }, .init(), make { $0.boast = 1000 }, .init(), .init()))
        #expect(try await client.head() == chain.head)
        #expect(
            await client.status.map(\.standing) == [.contradicting, .good, .contradicting, .good, .good])
    }

    @Test func `two endpoints that contradict each other are not believed`() async throws {
        let client = StubChain.client(endpoints(make { $0.inventsFrom = 15 }, .init()))
        await #expect(throws: LedgerError.disagreement("block 20")) { try await client.head() }
    }

    @Test func `an endpoint of another chain is left out, and when there is no other nothing is asked of it`() async throws {
        let stubs = endpoints(make { $0.chainID = 1 }, .init())
        let client = StubChain.client(stubs)
        #expect(try await client.head() == chain.head)
        #expect(await client.status.map(\.standing) == [.wrongChain(1), .good])
        let alone = StubChain.client([stubs[0]])
        await #expect(throws: LedgerError.wrongLedger(expected: "chain 77", actual: "chain 1")) { try await alone.head() }
    }

    @Test func `when an endpoint vanishes the next one is asked, and when all have, that is said`() async throws {
        let stubs = endpoints(.init(), .init())
        let client = StubChain.client(stubs)
        try await client.head()
        stubs[0].faults.withLock { $0.isGone = true }
        #expect(try await client.headers([3])[0]?.number == 3)
        #expect(await client.status.map(\.standing).last == .good)
        stubs[1].faults.withLock { $0.isGone = true }
        await #expect(throws: LedgerError.unreachable("no endpoint answers")) { try await client.headers([3]) }
        stubs[0].faults.withLock { $0.isGone = false }
        #expect(try await client.headers([3])[0]?.number == 3)
    }

    @Test func `an endpoint that shows other logs than two others is found, and not asked any more after the third time`() async throws {
        let token = try Address(String(repeating: "0a", count: 20))
        chain.grow(3) { [StubChain.transfer($0, token: token, to: .zero, amount: $0.number, transaction: $0.number)] }
        let stubs = endpoints(make { $0.changesLogs = { $0.dropLast() } }, .init(), .init())
        let client = StubChain.client(stubs)
        for _ in 0..<4 {
            try await client.head()
            let logs = try await client.logs(LogFilter(contracts: [token]), from: 0, to: 20)
            #expect(logs.count == 3)
        }
        #expect(await client.status.map(\.standing) == [.lying, .good, .good])
    }

    @Test(arguments: [
        "", "[]", "{}", "null", "{\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":\"0x1\"}", "[[[[[[", "<html>",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x01\"}", "{\"id\":1,\"id\":1,\"result\":\"0x4d\"}",
    ])
    func `what is no answer is not taken for one`(_ garbage: String) async throws {
        let stubs = endpoints(make { $0.garbage = Array(garbage.utf8) })
        let client = StubChain.client(stubs)
        await #expect(throws: LedgerError.self) { try await client.head() }
    }

    @Test func `answers are told apart by their ids, in any order, each exactly once`() throws {
        func part(_ id: Int, _ result: String) -> JSONValue {
            .object(["id": .number("\(id)"), "result": .text(result)])
        }
        let answers = try RPCEndpoint.match(.list([part(8, "b"), part(7, "a")]), first: 7, count: 2)
        #expect(answers == [.result(.text("a")), .result(.text("b"))])
        for parts in [[part(7, "a")], [part(7, "a"), part(7, "b")], [part(7, "a"), part(9, "b")]] {
            #expect(throws: LedgerError.self) { try RPCEndpoint.match(.list(parts), first: 7, count: 2) }
        }
        let failure = JSONValue.object(["id": .null, "error": .object(["code": .number("-32600"), "message": .text("no batches")])])
        let refused = try RPCEndpoint.match(failure, first: 7, count: 2)
        #expect(refused == [RPCAnswer](repeating: .failure(RPCFailure(code: -32600, message: "no batches")), count: 2))
    }

    @Test func `an answer that is too large is refused before it is read`() async throws {
        var settings = RPCSettings()
        settings.maximumAnswer = 100
        let client = StubChain.client(endpoints(.init()), settings: settings)
        await #expect(throws: LedgerError.self) { try await client.head() }
    }

    @Test func `an endpoint that is silent for too long counts as gone`() async throws {
        let endpoint = RPCEndpoint(
            name: "silent", transport: SilentTransport(), sleeper: .init { _ in })
        await #expect(throws: LedgerError.unreachable("no answer within 20.0 seconds")) {
            try await endpoint.ask([RPCCall("eth_chainId")])
        }
    }

    @Test(arguments: [
        ("nonce too low", RPCFailure.Class.nonce), ("already known", .known), ("transaction already imported", .known),
        ("replacement transaction underpriced", .underpriced), ("Nonce is too low. Expected 5", .nonce),
        ("max fee per gas less than block base fee", .underpriced), ("insufficient funds for gas * price + value", .insufficientFunds),
        ("execution reverted: channel closed", .reverted), ("query returned more than 10000 results", .tooMany),
        ("rate limit exceeded", .busy), ("the method is not there", .other),
    ])
    func `errors are judged by their class, whatever a node calls them`(message: String, kind: RPCFailure.Class) {
        #expect(RPCFailure(code: -32000, message: message).kind == kind)
    }
}

/// Takes questions and never answers.
private struct SilentTransport: RPCTransport {
    func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8] {
        try await Task.sleep(for: .seconds(86400))
        return []
    }
}
