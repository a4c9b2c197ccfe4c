import NIOCore
import S3Protocol

/// Content whose digests are taken as it passes; by one reader.
struct DigestedContent: AsyncSequence {
    typealias Element = ByteBuffer

    final class Digests {
        private var md5 = MD5Hasher()
        private var checksum: ChecksumHasher?
        private let algorithm: ChecksumAlgorithm?

        init(_ algorithm: ChecksumAlgorithm?) {
            self.algorithm = algorithm
            checksum = algorithm.map(ChecksumHasher.init)
        }

        func update(_ bytes: ByteBuffer) {
            md5.update(bytes)
            checksum?.update(bytes)
        }

        /// Fills in tag and checksum, at the end.
        func complete(_ facts: inout ObjectFacts) {
            facts.entityTag = EntityTag(md5: md5.finish())
            guard let algorithm, let checksum else { return }
            facts.checksum = ObjectChecksum(algorithm: algorithm, bytes: checksum.finish())
        }
    }

    let content: ObjectContent
    let digests: Digests

    func makeAsyncIterator() -> Iterator { Iterator(source: content.makeAsyncIterator(), digests: digests) }

    struct Iterator: AsyncIteratorProtocol {
        var source: ObjectContent.Iterator
        let digests: Digests

        mutating func next() async throws -> ByteBuffer? {
            guard let bytes = try await source.next() else { return nil }
            digests.update(bytes)
            return bytes
        }
    }
}
