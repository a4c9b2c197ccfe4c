import NIOCore
import S3Protocol
import Uplink

/// The bytes of an object on their way to a client, freed of a customer's encryption.
struct ObjectContent: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let download: Download
    let cipher: ContentCipher?
    /// Of an object in parts under a customer's key: each part counts its bytes anew.
    let places: [PartPlaces.Place]

    /// - Parameter id: the version that is downloaded; nil for the newest.
    init(_ download: Download, _ cipher: ContentCipher?, in project: Project, id: ObjectVersion?) async throws {
        self.download = download
        self.cipher = cipher
        let found = FoundObject(download.object)
        places =
            cipher != nil && found.facts.isMultipart ? try await PartPlaces(project, found, id: id).places : []
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(content: self, source: download.makeAsyncIterator(), offset: download.range.lowerBound)
    }

    struct Iterator: AsyncIteratorProtocol {
        let content: ObjectContent
        var source: Download.AsyncIterator
        var offset: Int64
        /// Bytes that came and belong to the next part.
        var rest = ByteBuffer()

        mutating func next() async throws -> ByteBuffer? {
            if rest.readableBytes == 0 {
                guard let bytes = try await source.next() else { return nil }
                rest = bytes
            }
            var bytes = rest
            guard let cipher = content.cipher else {
                rest = ByteBuffer()
                return bytes
            }
            guard !content.places.isEmpty else {
                rest = ByteBuffer()
                cipher.apply(&bytes, at: offset)
                offset += Int64(bytes.readableBytes)
                return bytes
            }
            guard let place = content.places.first(where: { $0.range.contains(offset) }),
                var piece = rest.readSlice(length: Int(Swift.min(Int64(rest.readableBytes), place.range.upperBound - offset)))
            else { throw S3Error(.internalError) }
            cipher.apply(&piece, at: offset - place.range.lowerBound, part: place.part.number)
            offset += Int64(piece.readableBytes)
            return piece
        }
    }
}
