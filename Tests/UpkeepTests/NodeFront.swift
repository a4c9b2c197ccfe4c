import DRPC
import NIOCore
import StorageModel
import Synchronization
import WireMessages

/// Stands before a real node and answers in its place where a test wants it to misbehave.
final class NodeFront: Sendable {
    /// What a node does instead of what it was asked.
    enum Fault: Sendable {
        /// Answers with a status.
        case refuses(RPCStatusCode)
        /// Says nothing until the caller gives up.
        case hangs
        /// Sends what it has with a bit of every chunk turned.
        case corrupts
    }

    /// Decides by the limit and, for downloads, the range; nil is honest.
    typealias Judge = @Sendable (OrderLimit, PieceDownloadRequest.Chunk?) -> Fault?

    private struct State {
        var judge: Judge?
        var lost: Set<PieceID> = []
        var seen: [PieceAction: Int] = [:]
    }

    private let state = Mutex(State())

    /// Misbehaves as `judge` says, until told otherwise.
    func misbehave(_ judge: Judge?) { state.withLock { $0.judge = judge } }

    /// Misbehaves at every transfer of these kinds.
    func misbehave(_ fault: Fault, at actions: Set<PieceAction>) {
        misbehave { limit, _ in actions.contains(limit.action) ? fault : nil }
    }

    /// Loses pieces without a trace, as a rotten disk does.
    func lose(_ pieces: some Sequence<PieceID>) { state.withLock { $0.lost.formUnion(pieces) } }

    /// Whether the piece was lost.
    func hasLost(_ piece: PieceID) -> Bool { state.withLock { $0.lost.contains(piece) } }

    /// How many transfers of a kind were begun.
    func transfers(_ action: PieceAction) -> Int { state.withLock { $0.seen[action] ?? 0 } }

    /// Serves what a node serves, out of the real one at `hidden`.
    func register(in router: inout RPCRouter, before hidden: NodeURL, dialer: any RPCDialer) {
        forward(ContactMethods.pingNode, in: &router, to: hidden, dialer)
        forward(PiecestoreMethods.retain, in: &router, to: hidden, dialer)
        forward(PiecestoreMethods.restoreTrash, in: &router, to: hidden, dialer)
        router.stream(PiecestoreMethods.retainBig) { stream, _ in
            try await Self.relay(PiecestoreMethods.retainBig, first: nil, stream, to: hidden, dialer) { $0 }
        }
        router.stream(PiecestoreMethods.upload) { stream, _ in
            guard let first = try await stream.receive() else { return }
            let fault = first.limit.flatMap { self.fault($0, nil) }
            if let fault, try await Self.isEnough(fault) { return }
            try await Self.relay(PiecestoreMethods.upload, first: first, stream, to: hidden, dialer) { $0 }
        }
        router.stream(PiecestoreMethods.download) { stream, _ in
            guard let first = try await stream.receive() else { return }
            let fault = first.limit.flatMap { self.fault($0, first.chunk) }
            if let fault, try await Self.isEnough(fault) { return }
            try await Self.relay(PiecestoreMethods.download, first: first, stream, to: hidden, dialer) { answer in
                fault == nil ? answer : answer.spoilt
            }
        }
    }

    private func fault(_ limit: OrderLimit, _ range: PieceDownloadRequest.Chunk?) -> Fault? {
        let (judge, isLost) = state.withLock { state in
            state.seen[limit.action, default: 0] += 1
            return (state.judge, state.lost.contains(limit.pieceID))
        }
        return isLost ? .refuses(.notFound) : judge?(limit, range)
    }

    /// Whether the fault is all that happens.
    private static func isEnough(_ fault: Fault) async throws -> Bool {
        switch fault {
        case .refuses(let code): throw RPCStatusError(code, "as the test wants it")
        case .hangs:
            try await neverEnding()
            return true
        case .corrupts: return false
        }
    }

    private func forward<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, in router: inout RPCRouter, to hidden: NodeURL, _ dialer: any RPCDialer
    ) {
        router.unary(method) { request, _ in try await dialer.connect(to: hidden).call(method, request) }
    }

    private static func relay<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, first: Request?, _ stream: RPCServerStream<Request, Response>,
        to hidden: NodeURL, _ dialer: any RPCDialer, _ change: @escaping @Sendable (Response) -> Response
    ) async throws {
        try await dialer.connect(to: hidden).withStream(method) { inner in
            if let first { try await inner.send(first) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while let request = try await stream.receive() { try await inner.send(request) }
                    inner.closeSend()
                }
                while let response = try await inner.receive() { try await stream.send(change(response)) }
                group.cancelAll()
            }
        }
    }
}

extension PieceDownloadResponse {
    fileprivate var spoilt: PieceDownloadResponse {
        guard var chunk, let byte = chunk.data.getInteger(at: chunk.data.readerIndex, as: UInt8.self) else { return self }
        chunk.data.setInteger(byte ^ 1, at: chunk.data.readerIndex)
        var answer = self
        answer.chunk = chunk
        return answer
    }
}
