import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Takes a streamed answer as the network would, and keeps it.
final class CollectedBody: ResponseBodyWriter, Sendable {
    private let state = Mutex([UInt8]())

    /// What came so far.
    var bytes: [UInt8] { state.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        state.withLock { $0 += Array(buffer.readableBytesView) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
