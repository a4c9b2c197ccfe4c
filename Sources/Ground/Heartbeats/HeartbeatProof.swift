package import Blake3
import Crypto
package import StorageModel

/// A farmer's whole answer to a challenge: kept as evidence, so that the verdict can be checked later by anyone.
package struct HeartbeatProof: Hashable, Sendable {
    /// Samples an answer may have.
    package static let maximumSampleCount = 4096

    /// One answer a sample, in the order of the challenge.
    package let samples: [SampleProof]

    /// An answer of its parts.
    package init(samples: [SampleProof]) {
        self.samples = samples
    }

    /// Makes an answer from the committed set and the farmer's disk.
    ///
    /// - Parameter chunk: shows chunk `index` of a piece; what it throws is thrown on.
    /// - Throws: `noSuchChunk` when the challenge is not for this set.
    package static func make(
        _ challenge: Challenge, set: CommittedSet,
        chunk: (_ piece: CommittedPiece, _ index: Int64) async throws -> ChunkProof
    ) async throws -> HeartbeatProof {
        var samples: [SampleProof] = []
        for number in challenge.chunks {
            guard let place = set.locate(chunk: number) else { throw HeartbeatError.noSuchChunk(number) }
            let piece = set.pieces[place.piece]
            samples.append(
                SampleProof(
                    piece: piece, path: set.path(piece: place.piece), chunk: try await chunk(piece, place.chunk)))
        }
        return HeartbeatProof(samples: samples)
    }

    /// SHA-256 of the encoding: what reports name.
    package var digest: Bytes32 {
        var hasher = SHA256()
        hasher.update(data: encoded)
        return SumNode.digest(hasher)
    }

    /// The bytes: big-endian numbers, one sample after another.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(samples.count))
        for sample in samples { Self.encode(sample, into: &bytes) }
        return bytes
    }

    private static func encode(_ sample: SampleProof, into bytes: inout [UInt8]) {
        bytes += sample.piece.id.bytes
        bytes.append(bigEndian: UInt64(sample.piece.size))
        bytes += sample.piece.hash.bytes
        bytes.append(UInt8(sample.path.steps.count))
        for step in sample.path.steps {
            bytes.append(step.isLeft ? 1 : 0)
            bytes += step.sibling.hash.bytes
            bytes.append(bigEndian: step.sibling.sum)
        }
        bytes.append(bigEndian: UInt16(sample.chunk.chunk.count))
        bytes += sample.chunk.chunk
        bytes.append(UInt8(sample.chunk.siblings.count))
        for sibling in sample.chunk.siblings { bytes += sibling.bytes }
    }

    /// Parses what a farmer sent.
    ///
    /// - Throws: `malformed`, also for bytes left over and for more samples than `maximumSampleCount`.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        var reader = ByteReader(encoded)
        guard let count = reader.integer(UInt32.self), count <= Self.maximumSampleCount else {
            throw .malformed("heartbeat proof: number of samples")
        }
        var samples: [SampleProof] = []
        for _ in 0..<count { samples.append(try Self.parse(&reader)) }
        guard reader.isAtEnd else { throw .malformed("heartbeat proof: bytes left over") }
        self.samples = samples
    }

    private static func parse(_ reader: inout ByteReader) throws(HeartbeatError) -> SampleProof {
        guard let id = reader.hash(), let size = reader.integer(UInt64.self), let hash = reader.hash(),
            let signedSize = Int64(exactly: size),
            let piece = CommittedPiece(id: PieceID(storage: id), size: signedSize, hash: hash)
        else { throw .malformed("heartbeat proof: piece") }
        let path = try parsePath(&reader)
        guard let length = reader.integer(UInt16.self), length <= UInt16(Blake3Tree.chunkSize),
            let chunk = reader.bytes(Int(length)), let siblingCount = reader.integer(UInt8.self)
        else { throw .malformed("heartbeat proof: chunk") }
        var siblings: [Bytes32] = []
        for _ in 0..<siblingCount {
            guard let sibling = reader.hash() else { throw .malformed("heartbeat proof: chunk path") }
            siblings.append(sibling)
        }
        return SampleProof(piece: piece, path: path, chunk: ChunkProof(chunk: chunk, siblings: siblings))
    }

    private static func parsePath(_ reader: inout ByteReader) throws(HeartbeatError) -> SetPath {
        guard let length = reader.integer(UInt8.self), length <= SetPath.maximumLength else {
            throw .malformed("heartbeat proof: path")
        }
        var steps: [SetPath.Step] = []
        for _ in 0..<length {
            guard let side = reader.integer(UInt8.self), side <= 1, let hash = reader.hash(),
                let sum = reader.integer(UInt64.self)
            else { throw .malformed("heartbeat proof: path") }
            steps.append(SetPath.Step(sibling: SumNode(hash: hash, sum: sum), isLeft: side == 1))
        }
        return SetPath(steps: steps)
    }
}
