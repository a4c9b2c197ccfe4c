package import Identity
package import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import ServiceLifecycle
internal import Synchronization

/// Serves a router's methods over TLS to whoever shows an identity.
///
/// ```
/// socket ─► eight bytes ─► TLS (chain verified) ─► frames ─► packets ─► one stream at a time ─► handler's task
/// ```
package final class RPCServer: Service, Sendable {
    private let context: NIOSSLContext
    private let parts: ServerParts
    private let eventLoops: RPCEventLoops
    private let registry: ConnectionRegistry
    private let listener = Mutex<(any Channel)?>(nil)

    /// A server that does not listen yet.
    ///
    /// - Throws: when the TLS library refuses the identity.
    package init(
        identity: NodeIdentity, router: RPCRouter, settings: RPCServerSettings, eventLoops: RPCEventLoops,
        logger: Logger
    ) throws {
        context = try TLSContexts.server(identity)
        parts = ServerParts(
            router: router, settings: settings, tasks: CallTasks(),
            budget: BufferBudget(limit: settings.maximumBufferedBytes), logger: logger)
        registry = ConnectionRegistry(
            maximum: settings.maximumConnections, maximumPerHost: settings.maximumConnectionsPerHost)
        self.eventLoops = eventLoops
    }

    /// `host:port` once the server listens.
    package var boundAddress: String? {
        listener.withLock { listener in
            guard let address = listener?.localAddress, let host = address.ipAddress, let port = address.port else {
                return nil
            }
            return address.protocol == .inet6 ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// How many connections are open.
    package var connectionCount: Int { registry.count }

    /// How many bytes of messages wait for their handlers, all connections together.
    package var bufferedByteCount: Int { parts.budget.usedByteCount }

    /// Listens and serves from now on; `run()` does it when this was not called before.
    ///
    /// - Returns: `boundAddress`.
    /// - Throws: when the address is taken or not ours.
    package func bind() async throws -> String {
        if let boundAddress { return boundAddress }
        let settings = parts.settings
        let channel = try await ServerBootstrap(group: eventLoops.group)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // One read of 64 KiB a turn: more would make the TLS handler's buffer, which never shrinks, larger.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 64 << 10)
            )
            .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try self.accept(channel) } }
            .bind(host: settings.host, port: settings.port).get()
        listener.withLock { $0 = channel }
        return boundAddress ?? ""
    }

    /// Serves until the task is cancelled or the process shuts down gracefully: then no connection is accepted any more,
    /// calls may finish within `RPCServerSettings.shutdownGrace`, and everything is closed.
    package func run() async throws {
        let address = try await bind()
        parts.logger.info("serving calls", metadata: ["address": "\(address)"])
        do {
            try await gracefulShutdown()
        } catch {
            // Cancelled: the end comes without grace.
            parts.tasks.cancelAll()
        }
        // A listener that cannot be closed is closed already.
        try? await listener.withLock({ $0 })?.close().get()
        await finishCalls()
        await registry.closeAll()
    }

    private func finishCalls() async {
        let parts = parts
        await withTaskGroup(of: Void.self) { group in
            // Cancellation ends either wait, and both end for the same reason: there is nothing more to wait for.
            group.addTask { try? await parts.tasks.idle.pass() }
            group.addTask { try? await Task.sleep(for: parts.settings.shutdownGrace) }
            await group.next()
            group.cancelAll()
        }
        parts.tasks.cancelAll()
    }

    /// Sets a new connection up, on its event loop.
    private func accept(_ channel: any Channel) throws {
        guard registry.admit(channel) else {
            parts.logger.debug("connection refused", metadata: ["remote": "\(channel.remoteAddress?.ipAddress ?? "")"])
            throw ChannelError.operationUnsupported
        }
        let timeout = TimeAmount(parts.settings.handshakeTimeout)
        let deadline = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        let header = ConnectionHeaderHandler { self.handlers(channel, handshakeDeadline: deadline) }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
        try channel.pipeline.syncOperations.addHandler(header)
    }

    private func handlers(
        _ channel: any Channel, handshakeDeadline: Scheduled<Void>
    ) -> (NIOSSLServerHandler, ConnectionHandler) {
        let settings = parts.settings
        let peer = PeerVerification()
        var configuration = NIOSSLServerHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = TLSContexts.outputCapacity
        let tls = NIOSSLServerHandler(
            context: context, customVerificationCallback: { peer.verify($0, $1) }, configuration: configuration)
        let output = ConnectionOutput(eventLoop: channel.eventLoop, limit: settings.streamBufferSize)
        let connection = ServerConnection(
            parts: parts, output: output, eventLoop: channel.eventLoop,
            executor: settings.runsHandlersOnEventLoops ? eventLoops.executor(for: channel.eventLoop) : nil,
            peer: peer, remoteAddress: channel.remoteAddress)
        let handler = ConnectionHandler(
            sink: connection, output: output, budget: parts.budget, maximumMessageSize: settings.maximumMessageSize,
            idleTimeout: TimeAmount(settings.idleTimeout), handshakeDeadline: handshakeDeadline)
        return (tls, handler)
    }
}
