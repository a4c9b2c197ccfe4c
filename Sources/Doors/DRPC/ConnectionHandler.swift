internal import DRPCWire
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// What stands behind a connection: the server's calls or the client's. Used on the connection's event loop only.
protocol PacketSink: AnyObject {
    /// The peer has proved who it is; packets may flow.
    func connected()
    /// A packet has arrived.
    func received(_ packet: Packet) throws(ProtocolError) -> RPCStream.Flow
    /// The connection is gone. Called once.
    func disconnected(_ error: RPCError)
}

/// The last handler of a connection: bytes of TLS to packets, and packets to bytes.
///
/// Packets are put together here, on the event loop, and handed over whole: no task wakes for a frame.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let sink: any PacketSink
    private let output: ConnectionOutput
    private let budget: BufferBudget
    private let idleTimeout: TimeAmount?
    private let handshakeDeadline: Scheduled<Void>?
    private var reader: PacketReader
    private var context: ChannelHandlerContext?
    private var isReadingPaused = false
    private var isReadWanted = false
    private var isClosing = false
    private var heldByteCount = 0
    private var lastActivity = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?
    private var failure: RPCError?

    /// - Parameter handshakeDeadline: closes the connection; cancelled once the handshake is complete.
    init(
        sink: any PacketSink, output: ConnectionOutput, budget: BufferBudget, maximumMessageSize: Int,
        idleTimeout: TimeAmount?, handshakeDeadline: Scheduled<Void>?
    ) {
        self.sink = sink
        self.output = output
        self.budget = budget
        self.idleTimeout = idleTimeout
        self.handshakeDeadline = handshakeDeadline
        reader = PacketReader(limit: maximumMessageSize)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(NIOLoopBound(self, eventLoop: context.eventLoop))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.connectionLost)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            handshakeDeadline?.cancel()
            sink.connected()
            scheduleIdleCheck(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        lastActivity = .now()
        var buffer = unwrapInboundIn(data)
        do throws(ProtocolError) {
            while let packet = try reader.read(&buffer) {
                if try sink.received(packet) == .pause { isReadingPaused = true }
            }
        } catch {
            return close(context, .protocolViolation(error))
        }
        account(context)
    }

    /// Charges the unfinished packet; queued messages are charged by their streams.
    private func account(_ context: ChannelHandlerContext) {
        let held = reader.heldByteCount
        if held != heldByteCount {
            budget.take(held - heldByteCount)
            heldByteCount = held
        }
        if budget.isExceeded { close(context, .connectionLost) }
    }

    func read(context: ChannelHandlerContext) {
        if isReadingPaused {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    /// Goes on reading after a pause.
    func resumeReading() {
        guard isReadingPaused else { return }
        isReadingPaused = false
        if isReadWanted {
            isReadWanted = false
            context?.read()
        }
    }

    // MARK: Writing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    /// Writes what waits, as long as the socket takes it.
    func drain() {
        guard let context else { return }
        lastActivity = .now()
        while context.channel.isWritable {
            let (buffers, isEmpty) = output.next()
            for buffer in buffers { context.write(wrapOutboundOut(buffer), promise: nil) }
            if !buffers.isEmpty { context.flush() }
            if isEmpty { return }
        }
    }

    // MARK: The end

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Peers close without a TLS farewell, and abandoned twins end in the middle of a handshake: all routine.
        close(context, .connectionLost)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(failure ?? .connectionLost)
        context.fireChannelInactive()
    }

    private func close(_ context: ChannelHandlerContext, _ error: RPCError) {
        guard !isClosing else { return }
        isClosing = true
        failure = error
        dropUnfinished()
        context.close(promise: nil)
    }

    /// Lets go of the unfinished packet at once: the farewell of TLS takes its time.
    private func dropUnfinished() {
        budget.release(heldByteCount)
        heldByteCount = 0
        reader = PacketReader()
    }

    private func finish(_ error: RPCError) {
        guard context != nil else { return }
        context = nil
        isClosing = true
        handshakeDeadline?.cancel()
        idleCheck?.cancel()
        dropUnfinished()
        sink.disconnected(error)
        output.close()
    }

    private func scheduleIdleCheck(_ context: ChannelHandlerContext) {
        guard let idleTimeout else { return }
        let deadline = lastActivity + idleTimeout
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self, let context = self.context else { return }
            if self.lastActivity + idleTimeout <= .now() {
                self.close(context, .connectionLost)
            } else {
                self.scheduleIdleCheck(context)
            }
        }
    }
}
