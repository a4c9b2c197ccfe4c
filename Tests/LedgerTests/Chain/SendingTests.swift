import Contracts
import Database
import Ethereum
import Ledger
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: DevChain.isEnabled, "the development chain is not installed"), .serialized)
struct SendingTests {
    private func gift(_ town: ChainTown, _ amount: UInt64 = 7) -> SettlementOperation {
        .transfer(to: town.farmer.address, TokenAmount(amount))
    }

    private func received(_ town: ChainTown) async throws -> UInt64 {
        try await town.backend.balance(of: town.farmer.address).units - 1_000_000
    }

    @Test func `operations of one key that wait for a block have nonces without gaps`() async throws {
        try await ChainTown.with { town in
            try await town.chain.setAutomine(false)
            var ids: [OperationID] = []
            for amount in 1...3 as ClosedRange<UInt64> {
                ids.append(try await town.backend.submit(gift(town, amount), by: town.payer))
                #expect(try await town.backend.status(of: ids[ids.count - 1]) == .broadcast)
            }
            try await town.chain.mine()
            let height = try await town.backend.time().height - 1
            for id in ids { #expect(try await town.backend.status(of: id) == .included(height: height)) }
            #expect(try await received(town) == 6)
            try await town.chain.mine(3)
            for id in ids { #expect(try await town.backend.status(of: id) == .final(height: height)) }
        }
    }

    @Test func `a transaction that stays out of blocks is replaced by a dearer one, and paid once`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            let backend = try await town.backend(through: meddler, town.database)
            meddler.swallowTransactions()
            let id = try await backend.submit(gift(town), by: town.payer)
            #expect(try await backend.status(of: id) == .broadcast)
            try await town.chain.mine(6)
            try await backend.maintain()
            meddler.pass()
            try await town.chain.mine(6)
            try await backend.maintain()
            #expect(try await backend.status(of: id).isIncluded)
            let sent = meddler.transactions
            #expect(Set(sent.map(\.transaction.nonce)).count == 1)
            let prices = sent.reduce(into: [UInt256]()) { if $0.last != $1.transaction.maximumFee { $0.append($1.transaction.maximumFee) } }
            #expect(prices.count >= 2)
            for (before, after) in zip(prices, prices.dropFirst()) {
                let old = try #require(before.uint64)
                #expect(try #require(after.uint64) >= old + old / 8)
            }
            #expect(try await received(town) == 7)
            #expect(try await backend.transaction(of: id).map { hash in sent.contains { $0.hash == hash } } == true)
        }
    }

    @Test func `a transaction the network forgot is sent again as it was`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            let backend = try await town.backend(through: meddler, town.database)
            try await town.chain.setAutomine(false)
            let id = try await backend.submit(gift(town), by: town.payer)
            try await town.chain.ask("evm_dropTransaction", .data(try #require(meddler.transactions.last).hash.bytes))
            try await backend.maintain()
            #expect(meddler.transactions.count == 2 && Set(meddler.transactions).count == 1)
            try await town.chain.mine()
            #expect(try await backend.status(of: id).isIncluded)
            #expect(try await received(town) == 7)
        }
    }

    @Test func `a process that dies at any question and comes back does what it was asked once`() async throws {
        try await ChainTown.with { town in
            var done: UInt64 = 0
            for failing in 0..<16 {
                for isAfter in [false, true] {
                    let database = town.database
                    let id = OperationID(storage: UInt256(UInt64(1000 + 2 * failing + (isAfter ? 1 : 0))).bytes32)
                    let meddler = Meddler(town.chain.url)
                    let dying = try await town.backend(through: meddler, database, seed: UInt64(failing))
                    let count = Mutex(0)
                    meddler.set { _ in
                        let now = count.withLock { count in count += 1; return count - 1 }
                        // From here on the process is as good as dead: nothing reaches the chain any more.
                        if now > failing { return .vanishBefore }
                        return now == failing ? (isAfter ? .vanishAfter : .vanishBefore) : .pass
                    }
                    _ = try? await dying.submit(gift(town, 1), by: town.payer, id: id)
                    let reborn = try await town.backend(through: Meddler(town.chain.url), database, seed: UInt64(100 + failing))
                    _ = try await reborn.submit(gift(town, 1), by: town.payer, id: id)
                    try await reborn.maintain()
                    #expect(try await reborn.status(of: id).isIncluded)
                    done += 1
                    #expect(try await received(town) == done, "question \(failing), after: \(isAfter)")
                }
            }
        }
    }

    @Test func `an id counts once, and not for another operation`() async throws {
        try await ChainTown.with { town in
            let id = OperationID(storage: UInt256(5).bytes32)
            for _ in 0..<3 { _ = try await town.backend.submit(gift(town), by: town.payer, id: id) }
            #expect(try await received(town) == 7)
            await #expect(throws: LedgerError.self) {
                try await town.backend.submit(gift(town, 8), by: town.payer, id: id)
            }
            #expect(try await received(town) == 7)
        }
    }

    @Test func `claims wait while gas is dear, unless the channel closes; above the limit everything waits`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            let backend = try await town.backend(through: meddler, town.database)
            let channels = [town.makeChannel(salt: 1), town.makeChannel(salt: 2)]
            for channel in channels { _ = try await backend.perform(.channel(.open(channel, TokenAmount(100))), by: town.payer) }
            @Sendable func spike(_ gwei: UInt64) {
                meddler.set { call in
                    guard call.method == "eth_getBlockByNumber" else { return .pass }
                    return .change { block in
                        guard case .object(var fields) = block else { return block }
                        fields["baseFeePerGas"] = .quantity(gwei * FeeSettings.gwei)
                        return .object(fields)
                    }
                }
            }
            spike(50)
            let claims = try await [
                backend.submit(.channel(.claim(channels[0], town.voucher(channels[0], 10))), by: town.farmer),
                backend.submit(.channel(.claim(channels[1], town.voucher(channels[1], 10))), by: town.farmer),
            ]
            for id in claims { #expect(try await backend.status(of: id) == .queued) }
            _ = try await backend.perform(.channel(.startClose(channels[1])), by: town.payer)
            #expect(try await backend.status(of: claims[0]) == .queued)
            #expect(try await backend.status(of: claims[1]).isIncluded)

            spike(500)
            let present = try await backend.submit(gift(town), by: town.payer)
            #expect(try await backend.status(of: present) == .queued)
            meddler.pass()
            #expect(try await backend.status(of: present).isIncluded)
            #expect(try await backend.status(of: claims[0]).isIncluded)
        }
    }

    @Test func `a transaction mined without effect says which rule refused it`() async throws {
        try await ChainTown.with { town in
            let channel = town.makeChannel()
            _ = try await town.backend.perform(.channel(.open(channel, TokenAmount(100))), by: town.payer)
            try await town.chain.setAutomine(false)
            // Two keys send the same voucher: both look good until one of them is mined.
            let meddler = Meddler(town.chain.url)
            let other = try await town.backend(through: meddler, try Database.open(.memory))
            meddler.set { $0.method == "eth_estimateGas" ? .answer(.quantity(UInt64(90_000))) : .pass }
            let claim = SettlementOperation.channel(.claim(channel, town.voucher(channel, 10)))
            let first = try await town.backend.submit(claim, by: town.farmer)
            let second = try await other.submit(claim, by: town.people[2])
            try await town.chain.mine()
            let states = [try await town.backend.status(of: first), try await other.status(of: second)]
            #expect(states.filter(\.isIncluded).count == 1)
            #expect(states.contains(.failed(.refused(.nothingToClaim))))
            #expect(try await received(town) == 10)
        }
    }

    @Test func `an operation whose block vanishes is sent again, its events are taken back and come again`() async throws {
        try await ChainTown.with { town in
            let backend = town.backend
            let start = try await backend.events(after: nil, limit: 1000).next
            let moment = try await town.chain.snapshot()
            let id = try await backend.submit(gift(town), by: town.payer)
            let first = try await backend.events(after: start, limit: 10)
            #expect(try await backend.status(of: id).isIncluded && first.events.count == 1)
            try await town.chain.revert(to: moment)
            try await town.chain.setAutomine(false)
            try await town.chain.mine(2)
            #expect(try await backend.status(of: id) == .broadcast)
            let between = try await backend.events(after: first.next, limit: 10)
            #expect(between.retracted == first.events.map(\.place) && between.events.isEmpty)
            #expect(try await received(town) == 0)
            try await town.chain.mine(1)
            #expect(try await backend.status(of: id).isIncluded)
            let last = try await backend.events(after: between.next, limit: 10)
            #expect(last.events.map(\.event) == first.events.map(\.event) && last.retracted.isEmpty)
            #expect(last.events.map(\.place.hash) != first.events.map(\.place.hash))
            #expect(try await received(town) == 7)
            // Who reads from the beginning hears of it once.
            #expect(try await backend.events(after: start, limit: 10).events == last.events)
        }
    }

    @Test func `an operation in no block can be taken back, and the next one follows without a gap`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            let backend = try await town.backend(through: meddler, town.database)
            meddler.swallowTransactions()
            let id = try await backend.submit(gift(town), by: town.payer)
            meddler.pass()
            #expect(try await backend.cancel(id))
            #expect(try await backend.status(of: id) == .failed(.other("cancelled")))
            _ = try await backend.perform(gift(town, 3), by: town.payer)
            #expect(try await received(town) == 3)
        }
    }

    @Test func `a nonce somebody else used is given up only when that is final`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            let backend = try await town.backend(through: meddler, town.database)
            meddler.swallowTransactions()
            let id = try await backend.submit(gift(town), by: town.payer)
            let nonce = try #require(meddler.transactions.last).transaction.nonce
            try await town.send(town.payer.key, nonce: nonce, to: town.payer.address)
            meddler.pass()
            #expect(try await backend.status(of: id) == .broadcast)
            #expect(try await received(town) == 0)
            try await town.chain.mine(3)
            try await backend.maintain()
            #expect(try await backend.status(of: id).isIncluded)
            #expect(try await received(town) == 7)
        }
    }

    @Test func `an allowance that is too small goes to zero before it grows, as the token demands`() async throws {
        try await ChainTown.with { town in
            let random = RandomSource.seeded(5)
            let stranger = KeySigner(.generate(random: random))
            let spender = town.backend.description.domains.channels.contract
            _ = try await town.backend.perform(.transfer(to: stranger.address, TokenAmount(500)), by: town.payer)
            let funding = Transaction(
                chainID: ChainTown.chainID, nonce: try await town.backend.chain.transactionCount(of: town.payer.address, at: .latest),
                maximumTip: UInt256(2_000_000_000), maximumFee: UInt256(20_000_000_000), gasLimit: 21_000,
                to: stranger.address, value: UInt256(1_000_000_000_000_000_000)
            ).signed(by: town.payer.key)
            try await town.chain.ask("eth_sendRawTransaction", .data(funding.encoded))
            let approve = ABISignature("approve", [.address, .uint(256)])
            try await town.send(
                stranger.key, nonce: 0, to: try #require(town.backend.description.token),
                data: approve.call([.address(spender), .uint(3)]))
            var channel = town.makeChannel()
            channel.payer = stranger.address
            let status = try await town.backend.perform(.channel(.open(channel, TokenAmount(400))), by: stranger)
            #expect(status.isIncluded)
            #expect(try await town.backend.balance(of: stranger.address) == TokenAmount(100))
        }
    }

    @Test func `a key without ether waits, and goes on when it has some`() async throws {
        try await ChainTown.with { town in
            let poor = KeySigner(.generate(random: .seeded(6)))
            _ = try await town.backend.perform(.transfer(to: poor.address, TokenAmount(50)), by: town.payer)
            let id = try await town.backend.submit(gift(town, 20), by: poor)
            #expect(try await town.backend.status(of: id) == .queued)
            let nonce = try await town.backend.chain.transactionCount(of: town.payer.address, at: .latest)
            let funding = Transaction(
                chainID: ChainTown.chainID, nonce: nonce, maximumTip: UInt256(2_000_000_000),
                maximumFee: UInt256(20_000_000_000), gasLimit: 21_000, to: poor.address,
                value: UInt256(1_000_000_000_000_000_000)
            ).signed(by: town.payer.key)
            try await town.chain.ask("eth_sendRawTransaction", .data(funding.encoded))
            #expect(try await town.backend.status(of: id).isIncluded)
        }
    }

    @Test func `a refused operation leaves nothing behind, and costs nothing`() async throws {
        try await ChainTown.with { town in
            let before = try await town.backend.chain.etherBalance(of: town.payer.address)
            let id = OperationID(storage: UInt256(9).bytes32)
            await #expect(throws: SettlementError.balanceTooLow) {
                try await town.backend.submit(gift(town, 1 << 40), by: town.payer, id: id)
            }
            #expect(try await town.backend.status(of: id) == .unknown)
            #expect(try await town.backend.chain.etherBalance(of: town.payer.address) == before)
        }
    }

    @Test func `another chain or other code than configured is refused at the start`() async throws {
        try await ChainTown.with { town in
            let meddler = Meddler(town.chain.url)
            await #expect(throws: LedgerError.self) {
                _ = try await town.backend(through: meddler, try Database.open(.memory)) { $0.chainID = 1 }
            }
            for path in [\ContractAddresses.channels, \.payouts, \.agreements, \.verifier, \.token] {
                let error = await #expect(throws: LedgerError.self) {
                    _ = try await town.backend(through: meddler, try Database.open(.memory)) {
                        $0.contracts[keyPath: path] = town.payer.address
                    }
                }
                if case .wrongCode? = error {} else { Issue.record("\(String(describing: error))") }
            }
        }
    }
}
