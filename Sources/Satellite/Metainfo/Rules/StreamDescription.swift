import Foundation
import WireMessages

/// The envelope around an object's metadata, which clients store half empty and read back complete.
///
/// Without the cipher in it a client cannot decrypt a listing at all, and without the segment count it takes an empty
/// object for one of −64 MiB.
/// - Source: protocol document 2 §1.4.
enum StreamDescription {
    /// Fills in what the client left out.
    ///
    /// - Parameters:
    ///   - stored: as uploaded, and readable, since that was checked before it was stored.
    ///   - segmentCount: nil leaves the count out.
    ///   - lastSegment: the metadata key and its nonce for clients that look there; nil leaves the message out.
    static func complete(
        _ stored: [UInt8], cipher: Int32, blockSize: Int64, segmentCount: Int?,
        lastSegment: (key: [UInt8], nonce: [UInt8])?
    ) throws -> Data {
        var meta = try Stream_StreamMeta.parse(stored)
        if meta.encryptionType == 0 { meta.encryptionType = cipher }
        if meta.encryptionBlockSize == 0 { meta.encryptionBlockSize = Int32(clamping: blockSize) }
        if meta.numberOfSegments == 0, let segmentCount { meta.numberOfSegments = Int64(segmentCount) }
        if !meta.hasLastSegmentMeta, let lastSegment {
            var segment = Stream_SegmentMeta()
            segment.encryptedKey = Data(lastSegment.key)
            segment.keyNonce = Data(lastSegment.nonce)
            meta.lastSegmentMeta = segment
        }
        return Data(try meta.encoded())
    }
}
