internal import DRPCWire
internal import Identity
internal import Logging
internal import NIOCore

/// What all connections of a server share.
struct ServerParts: Sendable {
    let router: RPCRouter
    let settings: RPCServerSettings
    let tasks: CallTasks
    let budget: BufferBudget
    let logger: Logger
}

/// The calls of one connection, one at a time. Used on the connection's event loop only.
final class ServerConnection: PacketSink {
    private let parts: ServerParts
    private let output: ConnectionOutput
    private let eventLoop: any EventLoop
    private let executor: EventLoopTaskExecutor?
    private let peer: PeerVerification
    private let remoteAddress: SocketAddress?
    private var routes = ServerConnectionState()
    /// The last call invoked: it runs, or waits for its predecessor to return, or is over.
    private var latest: ServerCall?
    private var isWaiting = false

    init(
        parts: ServerParts, output: ConnectionOutput, eventLoop: any EventLoop, executor: EventLoopTaskExecutor?,
        peer: PeerVerification, remoteAddress: SocketAddress?
    ) {
        self.parts = parts
        self.output = output
        self.eventLoop = eventLoop
        self.executor = executor
        self.peer = peer
        self.remoteAddress = remoteAddress
    }

    func connected() {}

    func received(_ packet: Packet) throws(ProtocolError) -> RPCStream.Flow {
        switch try routes.received(packet) {
        case .invocation(let invocation):
            begin(invocation)
            return .more
        case .cancelCurrent:
            cancelLatest(.cancelled)
            return .more
        case .current(let packet):
            guard let latest else { return .more }
            let (flow, end) = try latest.stream.deliver(packet)
            if let end { cancelLatest(end) }
            return flow
        case .ignored:
            return .more
        }
    }

    func disconnected(_ error: RPCError) {
        if case .protocolViolation(let violation) = error {
            parts.logger.debug(
                "peer broke the protocol",
                metadata: ["error": "\(violation)", "remote": "\(remoteAddress?.description ?? "")"])
        }
        guard let latest else { return }
        latest.stream.fail(error)
        parts.tasks.cancel(latest)
        self.latest = nil
    }

    /// Starts a call, after its predecessor has returned.
    private func begin(_ invocation: Invocation) {
        let predecessor = latest
        if let predecessor { end(predecessor) }
        let stream = RPCStream(
            id: invocation.stream, output: output, limit: parts.settings.streamBufferSize, budget: parts.budget)
        latest = ServerCall(stream: stream, context: context(invocation))
        // A call that still waits has a predecessor of its own, whose return starts whoever is the latest then.
        if isWaiting { return }
        let connection = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        isWaiting = predecessor?.whenFinished { eventLoop.execute { connection.value.predecessorFinished() } } ?? false
        if !isWaiting { start() }
    }

    private func predecessorFinished() {
        isWaiting = false
        start()
    }

    /// Runs the latest call.
    private func start() {
        guard let call = latest else { return }
        let parts = parts
        parts.tasks.start(call, on: executor) {
            await parts.router.serve(call.stream, call.context, logger: parts.logger)
            call.finish()
        }
    }

    /// Ends a call that a later one replaces.
    private func end(_ call: ServerCall) {
        guard call.stream.end == nil else { return }
        call.stream.fail(.streamEnded)
        output.discard(stream: call.stream.id)
        parts.tasks.cancel(call)
    }

    /// Follows an end that the peer has given to the latest call.
    private func cancelLatest(_ end: StreamEnd) {
        guard let latest else { return }
        switch end {
        case .cancelled, .failed:
            if latest.stream.end == nil { latest.stream.fail(.streamEnded) }
            parts.tasks.cancel(latest)
        // A Close that comes before the handler has answered means that nobody wants the answer. Handlers of streams
        // see the end of messages and finish by themselves: a node that has the whole piece still stores it.
        case .closed, .completed, .endedHere: break
        }
    }

    private func context(_ invocation: Invocation) -> RPCContext {
        let identity: PeerIdentity? =
            if case .success(let identity) = peer.result { identity } else { nil }
        let host = remoteAddress?.ipAddress ?? ""
        let isV6 = remoteAddress?.protocol == .inet6
        return RPCContext(
            peer: identity,
            remoteAddress: (isV6 ? "[\(host)]" : host) + ":\(remoteAddress?.port ?? 0)", remoteHost: host,
            path: invocation.path, metadata: invocation.metadata)
    }
}
