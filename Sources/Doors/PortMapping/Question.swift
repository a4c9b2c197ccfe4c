import Chores
import NIOCore
import NIOPosix
import StorageModel

/// A question by UDP, asked again until somebody answers it.
struct Question: Sendable {
    private static let largestAnswer = 8192
    private static let multicast: UInt8 = 224

    let bytes: [UInt8]
    let address: SocketAddress
    /// How long to wait after each time it is asked.
    let waits: [Duration]

    /// The first answer that says something; nil when none does.
    ///
    /// - Parameter read: what an answer says, of which sender; nil for one that is not to the question.
    /// - Throws: what reading throws.
    func ask<Answer: Sendable>(
        sleeper: Sleeper, read: @escaping @Sendable (IPAddress, [UInt8]) throws -> Answer?
    ) async throws -> Answer? {
        do { return try await question(sleeper, read) } catch is IOError {
            // The system knows that nobody hears it: the port is closed, or there is no way there.
            return nil
        }
    }

    private func question<Answer: Sendable>(
        _ sleeper: Sleeper, _ read: @escaping @Sendable (IPAddress, [UInt8]) throws -> Answer?
    ) async throws -> Answer? {
        let channel = try await open()
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask {
                    for try await envelope in inbound where envelope.data.readableBytes <= Self.largestAnswer {
                        guard let sender = envelope.remoteAddress.ipAddress.flatMap({ IPAddress(text: $0) }) else { continue }
                        if let answer = try read(sender, Array(envelope.data.readableBytesView)) { return answer }
                    }
                    return nil
                }
                group.addTask {
                    for wait in waits {
                        try await outbound.write(AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes)))
                        try await sleeper.sleep(wait)
                    }
                    return nil
                }
                let first = try await group.next() ?? nil
                group.cancelAll()
                return first
            }
        }
    }

    /// Hears answers from the one that is asked, or from anybody when everybody is.
    private func open() async throws -> NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>> {
        let bootstrap = DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let isMulticast = address.ipAddress.flatMap { IPAddress(text: $0) }.map { $0.bytes[0] >= Self.multicast } ?? false
        let wrap = { @Sendable (channel: any Channel) in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>>(
                    wrappingChannelSynchronously: channel)
            }
        }
        return isMulticast
            ? try await bootstrap.bind(host: "0.0.0.0", port: 0, channelInitializer: wrap)
            : try await bootstrap.connect(to: address, channelInitializer: wrap)
    }

    /// The address this machine speaks to another from.
    ///
    /// - Throws: an error of the system when there is no way to it.
    static func ownAddress(toward other: IPAddress) async throws -> IPAddress? {
        let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(to: try SocketAddress(ipAddress: "\(other)", port: 9)).get()
        defer { channel.close(promise: nil) }
        return channel.localAddress?.ipAddress.flatMap { IPAddress(text: $0) }
    }
}
