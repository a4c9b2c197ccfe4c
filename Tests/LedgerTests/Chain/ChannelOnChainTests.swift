import Contracts
import Ethereum
import Ledger
import StorageModel
import Testing

@Suite(.enabled(if: DevChain.isEnabled, "the development chain is not installed"), .serialized)
struct ChannelOnChainTests {
    @Test func `a channel is opened and claimed on the chain, and everybody hears of it`() async throws {
        try await ChainTown.with { town in
            let channel = town.makeChannel()
            let opened = try await town.backend.perform(.channel(.open(channel, TokenAmount(1000))), by: town.payer)
            #expect(opened.isIncluded)
            #expect(try await town.backend.channel(channel.id)?.funded == TokenAmount(1000))
            _ = try await town.backend.perform(.channel(.claim(channel, town.voucher(channel, 300))), by: town.farmer)
            #expect(try await town.backend.balance(of: town.farmer.address) == TokenAmount(1_000_300))
            let events = try await town.backend.events(after: nil, limit: 100).events.map(\.event)
            #expect(events.contains(.opened(id: channel.id, channel: channel, amount: TokenAmount(1000))))
            #expect(
                events.last
                    == .transferred(
                        from: town.backend.description.domains.channels.contract, to: town.farmer.address,
                        amount: TokenAmount(300)))
        }
    }
}
