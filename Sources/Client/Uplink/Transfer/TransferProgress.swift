/// How far an upload or download has come.
public struct TransferProgress: Hashable, Sendable {
    /// Bytes of content that are done, those of an earlier run included.
    public var bytes: Int64
    /// Bytes of content in all; nil when the source does not say.
    public var total: Int64?
    /// Bytes of `bytes` that an earlier run of the same transfer had done.
    public var resumed: Int64

    /// A state of a transfer.
    public init(bytes: Int64, total: Int64?, resumed: Int64 = 0) {
        self.bytes = bytes
        self.total = total
        self.resumed = resumed
    }
}

/// Is told how far a transfer has come: often, from any thread, never by two at once for one transfer. It should return
/// at once, for the transfer waits for it.
public typealias ProgressHandler = @Sendable (TransferProgress) -> Void
