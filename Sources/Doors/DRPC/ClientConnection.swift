internal import DRPCWire
internal import Identity
internal import NIOCore
internal import Synchronization
internal import WireMessages

/// A TLS connection to a node, as its dialer keeps it: one call at a time, any number after another.
final class ClientConnection: PacketSink, Sendable {
    private struct State {
        var lastStream: UInt64 = 0
        var stream: RPCStream?
        var failure: RPCError?
        var peer: PeerIdentity?
    }

    private let output: ConnectionOutput
    private let budget: BufferBudget
    private let streamBufferSize: Int
    private let state = Mutex(State())

    init(output: ConnectionOutput, budget: BufferBudget, streamBufferSize: Int) {
        self.output = output
        self.budget = budget
        self.streamBufferSize = streamBufferSize
    }

    /// Who answered.
    var peer: PeerIdentity? { state.withLock { $0.peer } }

    /// Says who answered.
    func setPeer(_ peer: PeerIdentity) {
        state.withLock { $0.peer = peer }
    }

    /// Whether another call can be made.
    var isUsable: Bool { state.withLock { $0.failure == nil } }

    // MARK: The event loop's side

    func connected() {}

    func received(_ packet: Packet) throws(ProtocolError) -> RPCStream.Flow {
        let (stream, last) = state.withLock { ($0.stream, $0.lastStream) }
        guard packet.id.stream <= last else { throw .unknownStream(packet.id.stream) }
        // What is late for an earlier stream is nothing to anybody.
        guard let stream, packet.id.stream == last else { return .more }
        return try stream.deliver(packet).flow
    }

    func disconnected(_ error: RPCError) {
        let stream = state.withLock { state in
            state.failure = error
            return state.stream
        }
        stream?.fail(error)
    }

    // MARK: The caller's side

    /// Runs one call. The connection can take the next one afterwards, unless `isUsable` says otherwise.
    func withStream<Request: WireMessage, Response: WireMessage, Result>(
        _ method: RPCMethod<Request, Response>,
        _ body: (RPCClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        let stream = try begin()
        stream.put(.invoke, ByteBuffer(string: method.path), isFlushed: false)
        do {
            let result = try await body(RPCClientStream(stream))
            // Said only when one side has not finished sending yet.
            stream.put(.close)
            stream.finishReceiving()
            return result
        } catch {
            output.discard(stream: stream.id)
            stream.put(.cancel)
            stream.finishReceiving()
            throw error
        }
    }

    private func begin() throws(RPCError) -> RPCStream {
        let result = state.withLock { state -> Swift.Result<RPCStream, RPCError> in
            if let failure = state.failure { return .failure(failure) }
            state.lastStream += 1
            let stream = RPCStream(id: state.lastStream, output: output, limit: streamBufferSize, budget: budget)
            state.stream = stream
            return .success(stream)
        }
        return try result.get()
    }
}
