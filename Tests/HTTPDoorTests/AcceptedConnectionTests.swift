import HTTPDoor
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@Suite struct AcceptedConnectionTests {
    @Test func `a connection that nobody takes is closed, and ends nothing else`() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).get()
        let guarded = GuardedChannel(HTTP1Channel { _, _, _ in }, idleTime: .seconds(60))
        // NIO would end the process here if its writing end just went away.
        _ = try await channel.testingEventLoop.executeInContext {
            guarded.setup(channel: channel, logger: Logger(label: "test"))
        }.get()
        try await channel.closeFuture.get()
        #expect(!channel.isActive)
    }
}
