import Contracts
import Database
import Ethereum
import Ledger
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct ScannerTests {
    private let chain = StubChain()
    private let token = Address(padded: UInt256(10).bytes32)
    private let mine = Address(padded: UInt256(20).bytes32)
    private let other = Address(padded: UInt256(30).bytes32)

    private func scanner(
        _ endpoints: [StubEndpoint], _ database: Database, _ change: (inout ScannerSettings) -> Void = { _ in }
    ) async throws -> TransferScanner {
        var settings = ScannerSettings()
        change(&settings)
        let scanner = TransferScanner(
            chain: StubChain.client(endpoints), database: database, name: "deposits", token: token, settings: settings)
        try await scanner.open()
        try await scanner.watch([mine])
        return scanner
    }

    private func deposit(_ header: BlockHeader, _ amount: UInt64, transaction: UInt64? = nil) -> ChainLog {
        StubChain.transfer(
            header, token: token, from: other, to: mine, amount: amount, transaction: transaction ?? header.number)
    }

    private func amounts(_ changes: [TransferChange]) -> [Int64] {
        changes.map { change in
            switch change {
            case .added(let transfer): Int64(transfer.amount.units)
            case .retracted(let transfer): -Int64(transfer.amount.units)
            }
        }
    }

    @Test func `transfers to watched accounts are found once, others not`() async throws {
        let scanner = try await scanner([StubEndpoint(chain)], try Database.open(.memory))
        chain.grow(5) { [deposit($0, 100 + $0.number), StubChain.transfer($0, token: token, to: other, amount: 1, transaction: 1)] }
        let report = try await scanner.scan()
        #expect(report.head == 5 && report.added == 5 && report.blockCount == 6)
        let page = try await scanner.changes(after: 0, limit: 3)
        #expect(amounts(page.changes) == [101, 102, 103] && page.head == 5)
        #expect(amounts(try await scanner.changes(after: page.next, limit: 9).changes) == [104, 105])
        guard case .added(let first)? = page.changes.first else { return }
        #expect(first.from == other && first.to == mine && first.time == 1_800_000_012 && first.place.height == 1)
        #expect(try await scanner.scan().added == 0)
    }

    @Test func `a deposit whose block vanishes is taken back, and comes again in another block`() async throws {
        let scanner = try await scanner([StubEndpoint(chain)], try Database.open(.memory))
        chain.grow(10)
        chain.grow(1) { [deposit($0, 5, transaction: 99)] }
        chain.grow(2)
        try await scanner.scan()
        let before = try await scanner.changes(after: 0, limit: 9)
        chain.drop(3)
        chain.grow(4)
        let report = try await scanner.scan()
        #expect(report.retracted == 1 && !report.wasDeep)
        chain.grow(1) { [deposit($0, 5, transaction: 99)] }
        try await scanner.scan()
        let after = try await scanner.changes(after: before.next, limit: 9)
        #expect(amounts(before.changes) == [5] && amounts(after.changes) == [-5, 5])
        guard case .retracted(let old)? = after.changes.first, case .added(let new)? = after.changes.last else {
            Issue.record("no retraction and addition")
            return
        }
        #expect(old.place.transaction == new.place.transaction && old.place.blockHash != new.place.blockHash)
    }

    @Test func `a chain that changes back and forth brings the same line once in the end`() async throws {
        let scanner = try await scanner([StubEndpoint(chain)], try Database.open(.memory))
        chain.grow(3)
        var sum: Int64 = 0
        var cursor: Int64 = 0
        for _ in 0..<6 {
            chain.grow(1) { [deposit($0, 5, transaction: 1)] }
            try await scanner.scan()
            chain.drop(1)
            chain.grow(2)
            try await scanner.scan()
            chain.drop(2)
        }
        chain.grow(3) { $0.number == 5 ? [deposit($0, 5, transaction: 1)] : [] }
        try await scanner.scan()
        while true {
            let page = try await scanner.changes(after: cursor, limit: 2)
            guard page.next != cursor else { break }
            cursor = page.next
            sum += amounts(page.changes).reduce(0, +)
        }
        #expect(sum == 5)
    }

    @Test func `a reorganisation deeper than what is kept is noticed, and everything is read anew`() async throws {
        let scanner = try await scanner([StubEndpoint(chain)], try Database.open(.memory)) { $0.firstRange = 1000 }
        chain.grow(500) { $0.number % 100 == 0 ? [deposit($0, $0.number)] : [] }
        try await scanner.scan()
        chain.drop(450)
        chain.grow(500) { $0.number % 200 == 0 ? [deposit($0, $0.number)] : [] }
        let report = try await scanner.scan()
        #expect(report.wasDeep && report.retracted == 5 && report.added == 2)
    }

    @Test func `an endpoint behind what was read takes nothing back`() async throws {
        let endpoint = StubEndpoint(chain)
        let scanner = try await scanner([endpoint], try Database.open(.memory))
        chain.grow(10) { [deposit($0, 1)] }
        try await scanner.scan()
        endpoint.faults.withLock { $0.lag = 4 }
        let report = try await scanner.scan()
        #expect(report.retracted == 0 && report.added == 0 && report.head == 10)
    }

    @Test func `a range too large for the endpoint is read in parts`() async throws {
        let endpoint = StubEndpoint(chain)
        endpoint.faults.withLock { $0.maximumLogs = 7 }
        let scanner = try await scanner([endpoint], try Database.open(.memory))
        chain.grow(300) { [deposit($0, 1)] }
        let report = try await scanner.scan()
        #expect(report.added == 300 && report.blockCount == 301)
        let page = try await scanner.changes(after: 0, limit: 1000)
        #expect(page.changes.count == 300)
    }

    @Test func `a chain that changes between the questions of a round is read again`() async throws {
        let endpoint = StubEndpoint(chain)
        let scanner = try await scanner([endpoint], try Database.open(.memory))
        chain.grow(10) { [deposit($0, 1)] }
        let chain = chain
        let isDone = Mutex(false)
        endpoint.faults.withLock { faults in
            faults.beforeAnswer = { call in
                guard call.method == "eth_getLogs", isDone.withLock({ done in defer { done = true }; return !done }) else { return }
                chain.drop(5)
                chain.grow(6)
            }
        }
        try await scanner.scan()
        #expect(amounts(try await scanner.changes(after: 0, limit: 99).changes).reduce(0, +) == 5)
    }

    @Test func `an endpoint that invents or hides deposits changes nothing when two others do not`() async throws {
        let liar = StubEndpoint(chain)
        let invented = deposit(chain.head, 1_000_000)
        liar.faults.withLock { $0.changesLogs = { $0.dropFirst() + [invented] } }
        let scanner = try await scanner([liar, StubEndpoint(chain), StubEndpoint(chain)], try Database.open(.memory))
        chain.grow(5) { [deposit($0, 1)] }
        try await scanner.scan()
        #expect(amounts(try await scanner.changes(after: 0, limit: 99).changes) == [1, 1, 1, 1, 1])
    }

    @Test func `more accounts than a question takes are asked in several`() async throws {
        let endpoint = StubEndpoint(chain)
        let scanner = try await scanner([endpoint], try Database.open(.memory))
        let many = (1...250).map { Address(padded: UInt256(1000 + $0).bytes32) }
        try await scanner.watch(many)
        chain.grow(3) { header in
            [StubChain.transfer(header, token: token, to: many[Int(header.number) * 80], amount: 9, transaction: header.number)]
        }
        #expect(try await scanner.scan().added == 3)
        #expect(endpoint.asked["eth_getLogs"] == 3)
    }

    @Test func `a scanner that is stopped at any question goes on where it was, with nothing lost or doubled`() async throws {
        let database = try Database.open(.memory)
        let endpoint = StubEndpoint(chain)
        chain.grow(40) { [deposit($0, 1)] }
        // The endpoint vanishes at each question in turn: whatever was written until then has to be whole.
        for failing in 0..<40 {
            let scanner = try await scanner([endpoint], database) { $0.firstRange = 4 }
            let count = Mutex(0)
            endpoint.faults.withLock { faults in
                faults.isGone = false
                faults.beforeAnswer = { _ in
                    let now = count.withLock { count in count += 1; return count }
                    if now == failing { endpoint.faults.withLock { $0.isGone = true } }
                }
            }
            _ = try? await scanner.scan()
            let page = try await scanner.changes(after: 0, limit: 99)
            #expect(page.changes.count == Int(page.head), "each block up to the cursor has one deposit")
        }
        endpoint.faults.withLock { $0 = .init() }
        try await scanner([endpoint], database).scan()
        #expect(try await scanner([endpoint], database).changes(after: 0, limit: 99).changes.count == 40)
    }

    @Test func `the rows of one chain are not continued on another, nor those of one token with another`() async throws {
        let database = try Database.open(.memory)
        _ = try await scanner([StubEndpoint(chain)], database)
        let other = TransferScanner(
            chain: StubChain.client([StubEndpoint(chain)]), database: database, name: "deposits", token: mine)
        await #expect(throws: LedgerError.self) { try await other.open() }
    }
}
