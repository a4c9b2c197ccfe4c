import StorageModel

/// The id of one version of an object, as the satellite gave it: 16 bytes, shown as 32 hexadecimal digits.
public struct ObjectVersion: Hashable, Sendable, LosslessStringConvertible {
    /// The 16 bytes.
    public let bytes: [UInt8]

    /// Parses exactly 16 bytes; nil for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Parses 32 hexadecimal digits.
    public init?(_ description: String) {
        guard let bytes = Hexadecimal.decode(description) else { return nil }
        self.init(bytes)
    }

    public var description: String { Hexadecimal.encode(bytes) }
}

/// An object of a bucket, or one version of it.
public struct ObjectReference: Hashable, Sendable {
    /// The whole key.
    public var key: String
    /// Nil for the newest version.
    public var version: ObjectVersion?

    /// A reference.
    public init(key: String, version: ObjectVersion? = nil) {
        self.key = key
        self.version = version
    }
}
