import LinkSharing
import NIOCore
import NIOEmbedded
import Testing

@Suite struct StalledReaderGuardTests {
    private let period = TimeAmount.seconds(10)

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: StalledReaderGuard(period: period))
        try channel.connect(to: .init(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `a client that takes nothing of its answer is cut off`() throws {
        let channel = try channel()
        // What is not flushed is what a client does not take.
        channel.write(ByteBuffer(repeating: 0, count: 1 << 16), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: period)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: period)
        #expect(!channel.isActive)
    }

    @Test func `a client that takes its answer, or waits for it, is left alone`() throws {
        let channel = try channel()
        for _ in 0..<4 {
            channel.write(ByteBuffer(repeating: 0, count: 1 << 16), promise: nil)
            channel.flush()
            channel.embeddedEventLoop.advanceTime(by: period)
        }
        channel.embeddedEventLoop.advanceTime(by: period)
        channel.embeddedEventLoop.advanceTime(by: period)
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
