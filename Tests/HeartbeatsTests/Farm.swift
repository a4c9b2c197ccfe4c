import Blake3
import Heartbeats
import StorageModel
import TestSupport

/// A farmer with real pieces, some of which may be lost or rotten.
struct Farm {
    var contents: [PieceID: [UInt8]] = [:]
    let set: CommittedSet

    init(sizes: [Int], seed: UInt64 = 1) throws {
        let random = RandomSource.seeded(seed)
        var pieces: [CommittedPiece] = []
        for size in sizes {
            let id = PieceID.random(using: random)
            let bytes = random.bytes(count: size)
            contents[id] = bytes
            if let piece = CommittedPiece(id: id, size: Int64(size), hash: Blake3Hasher.hash(bytes)) {
                pieces.append(piece)
            }
        }
        set = try CommittedSet(pieces)
    }

    /// The answer from what is there now; what is lost is answered with zeros.
    func answer(_ challenge: Challenge) async throws -> HeartbeatProof {
        try await HeartbeatProof.make(challenge, set: set) { piece, index in
            let bytes = contents[piece.id] ?? [UInt8](repeating: 0, count: Int(piece.size))
            guard let group = Blake3Tree.groupRange(chunk: index, size: piece.size) else {
                return ChunkProof(chunk: [], siblings: [])
            }
            var hasher = Blake3Hasher(collectingGroups: true)
            hasher.update(bytes)
            let range = Int(group.lowerBound)..<Int(group.upperBound)
            return try ChunkProof.make(
                chunk: index, size: piece.size, group: Array(bytes[range]),
                groupValues: piece.size <= Blake3Tree.groupSize ? [] : hasher.groupValues())
        }
    }

    var holding: HeartbeatHolding {
        HeartbeatHolding(
            root: set.root, pieceCount: UInt64(set.pieces.count),
            byteCount: set.pieces.reduce(0) { $0 + UInt64($1.size) })
    }

    func challenge(period: UInt64 = 1, samples: Int = 80) -> Challenge {
        Challenge(
            beacon: Bytes32(words: [1, 2, 3, 4]), agreement: Bytes32(words: [5, 6, 7, 8]), period: period,
            total: set.root.sum, sampleCount: samples)
    }
}
