package import NIOCore
internal import Synchronization

/// Hands buffers from one task to another, in order, and holds the giver back while many wait.
package final class ByteChannel: Sendable {
    fileprivate struct State {
        var buffers: [ByteBuffer] = []
        /// The next buffer to take; those before are gone.
        var first = 0
        var byteCount = 0
        var end: Result<Void, any Error>?
        var taker: CheckedContinuation<ByteBuffer?, any Error>?
        var giver: CheckedContinuation<Void, Never>?
        var isAbandoned = false
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A channel.
    ///
    /// - Parameter capacity: bytes that wait before the giver does.
    package init(capacity: Int) { self.capacity = capacity }

    /// Gives a buffer that is not empty; suspends while too many wait.
    ///
    /// - Throws: `CancellationError`, also when nobody will take.
    package func give(_ buffer: ByteBuffer) async throws {
        let isFull = state.withLock { state in
            if let taker = state.taker {
                state.taker = nil
                taker.resume(returning: buffer)
                return false
            }
            state.buffers.append(buffer)
            state.byteCount += buffer.readableBytes
            return state.byteCount >= capacity
        }
        if isFull { await waitForRoom() }
        try Task.checkCancellation()
        if state.withLock({ $0.isAbandoned }) { throw CancellationError() }
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    let isFree = state.byteCount < capacity || state.isAbandoned || Task.isCancelled
                    if !isFree { state.giver = continuation }
                    return isFree
                }
                if isFree { continuation.resume() }
            }
        } onCancel: {
            releaseGiver()
        }
    }

    private func releaseGiver() {
        state.withLock { state in
            let giver = state.giver
            state.giver = nil
            return giver
        }?.resume()
    }

    /// Says that nothing follows.
    package func finish(_ result: Result<Void, any Error>) {
        state.withLock { state in
            guard state.end == nil else { return }
            state.end = result
            guard let taker = state.taker else { return }
            state.taker = nil
            taker.resume(with: result.map { nil })
        }
    }

    /// Says that nobody takes any more.
    package func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.buffers = []
            state.first = 0
            state.byteCount = 0
        }
        releaseGiver()
    }

    /// Takes the next buffer; nil at the end.
    ///
    /// - Throws: what the giver ended with, `CancellationError`.
    package func take() async throws -> ByteBuffer? {
        let ready = try state.withLock { try $0.next() }
        switch ready {
        case .buffer(let buffer):
            releaseGiver()
            return buffer
        case .end: return nil
        case .nothing: return try await waitForBuffer()
        }
    }

    private func waitForBuffer() async throws -> ByteBuffer? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<ByteBuffer?, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    do {
                        switch try state.next() {
                        case .buffer(let buffer): return .success(buffer)
                        case .end: return .success(nil)
                        case .nothing: state.taker = continuation
                        }
                        return nil
                    } catch {
                        return .failure(error)
                    }
                }
                guard let answer else { return }
                // Between the first look and this one a giver may have filled the channel and gone to sleep.
                releaseGiver()
                continuation.resume(with: answer)
            }
        } onCancel: {
            state.withLock { state in
                let taker = state.taker
                state.taker = nil
                return taker
            }?.resume(throwing: CancellationError())
        }
    }
}

extension ByteChannel.State {
    /// What there is to take.
    fileprivate enum Next {
        case buffer(ByteBuffer)
        case end
        case nothing
    }

    fileprivate mutating func next() throws -> Next {
        if first < buffers.count {
            let buffer = buffers[first]
            buffers[first] = ByteBuffer()
            first += 1
            byteCount -= buffer.readableBytes
            if first == buffers.count {
                buffers.removeAll(keepingCapacity: true)
                first = 0
            }
            return .buffer(buffer)
        }
        guard let end else { return .nothing }
        try end.get()
        return .end
    }
}
