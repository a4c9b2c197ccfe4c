package import NIOCore
package import S3Protocol
import Synchronization

/// A request's body, taken out of S3's chunks and checked as it flows.
///
/// A check that fails throws before the end is seen: whoever commits what he read only after the last element never
/// commits a body that is not what the client signed or summed. It can be read once.
package final class S3Body: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    /// What it is read from.
    package typealias Source = any AsyncSequence<ByteBuffer, any Error> & Sendable

    private struct State {
        var check: BodyCheck
        var facts: BodyFacts?
        var isBegun = false
    }

    private let source: Source
    private let state: Mutex<State>
    /// Bytes of the object to come, when the client announced them.
    package let objectLength: Int64?

    package init(_ check: BodyCheck, source: Source) {
        self.source = source
        objectLength = check.objectLength
        state = Mutex(State(check: check))
    }

    /// Asks for digests besides those that are checked anyway; before the first byte is read.
    package func compute(_ digests: BodyDigests) {
        state.withLock { $0.check.compute(digests) }
    }

    /// Length, digests and trailers, once the end was reached and every check passed.
    package var facts: BodyFacts? { state.withLock { $0.facts } }

    /// Whether somebody has begun to read.
    package var isBegun: Bool { state.withLock { $0.isBegun } }

    package func makeAsyncIterator() -> Iterator {
        state.withLock { $0.isBegun = true }
        return Iterator(body: self, source: source.makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        let body: S3Body
        var source: any AsyncIteratorProtocol<ByteBuffer, any Error>

        /// The object's next bytes, never empty; nil at the end, when all checks have passed.
        ///
        /// - Throws: `S3Error` for a body that is not what was declared.
        package mutating func next() async throws -> ByteBuffer? {
            while let bytes = try await source.next(isolation: nil) {
                let object = try body.receive(bytes)
                if object.readableBytes > 0 { return object }
            }
            try body.finish()
            return nil
        }
    }

    private func receive(_ bytes: ByteBuffer) throws -> ByteBuffer {
        try state.withLock { state throws(S3Error) in try state.check.receive(bytes) }
    }

    private func finish() throws {
        try state.withLock { state throws(S3Error) in
            if state.facts == nil { state.facts = try state.check.finish() }
        }
    }

    /// All of it, for documents.
    ///
    /// - Throws: `MaxMessageLengthExceeded` beyond a limit; what the checks throw.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        var collected = ByteBuffer()
        for try await bytes in self {
            guard collected.readableBytes + bytes.readableBytes <= limit else {
                throw S3Error(.maxMessageLengthExceeded)
            }
            if collected.readableBytes == 0 { collected = bytes } else { collected.writeImmutableBuffer(bytes) }
        }
        return collected
    }
}
