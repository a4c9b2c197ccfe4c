package import StorageModel

/// The public name of an object version: its number and the end of its stream id, 16 bytes.
///
/// - Source: protocol document 2 §4.4.
package struct ObjectVersionID: Hashable, Sendable {
    /// Larger is newer, among versions of one key.
    package let version: Int64
    /// The last eight bytes of the stream id, big-endian.
    package let streamSuffix: UInt64

    /// The id of a version.
    package init(version: Int64, stream: StreamID) {
        self.version = version
        streamSuffix = stream.storage.words[1]
    }

    /// Parses exactly 16 bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let storage = Bytes16(bytes) else { return nil }
        version = Int64(bitPattern: storage.words[0])
        streamSuffix = storage.words[1]
    }

    /// The 16 bytes.
    package var bytes: [UInt8] { Bytes16(words: [UInt64(bitPattern: version), streamSuffix]).bytes }
}
