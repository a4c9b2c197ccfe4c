import NIOCore
import Testing
import Uplink

@Suite struct ByteChannelTests {
    @Test func `a giver who fills the channel while its taker goes to sleep is let on`() async throws {
        // Every buffer fills it, so that both wait for each other all the time.
        let channel = ByteChannel(capacity: 1)
        let count = 100_000
        async let taken = {
            var taken = 0
            while let buffer = try await channel.take() { taken += buffer.readableBytes }
            return taken
        }()
        for _ in 0..<count { try await channel.give(ByteBuffer(repeating: 1, count: 1)) }
        channel.finish(.success(()))
        #expect(try await taken == count)
    }

    @Test func `a taker gets what was given before the end, and then its error`() async throws {
        struct Broken: Error {}
        let channel = ByteChannel(capacity: 10)
        try await channel.give(ByteBuffer(string: "abc"))
        channel.finish(.failure(Broken()))
        #expect(try await channel.take() == ByteBuffer(string: "abc"))
        await #expect(throws: Broken.self) { try await channel.take() }
    }

    @Test func `a giver for whom nobody takes any more is cancelled`() async throws {
        let channel = ByteChannel(capacity: 1)
        channel.abandon()
        await #expect(throws: CancellationError.self) { try await channel.give(ByteBuffer(string: "abc")) }
    }
}
