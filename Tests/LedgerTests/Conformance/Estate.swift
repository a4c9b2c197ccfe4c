import Blake3
import Contracts
import Ethereum
import Heartbeats
import Ledger
import StorageModel
import TestSupport
import Testing

/// Pieces a farmer holds, and what it can show of them.
struct Estate {
    let set: CommittedSet
    private let contents: [PieceID: [UInt8]]

    init() throws {
        let random = RandomSource.seeded(77)
        var contents: [PieceID: [UInt8]] = [:]
        for size in [1, 1024, 5000, 70_000] { contents[PieceID.random(using: random)] = random.bytes(count: size) }
        self.contents = contents
        set = try CommittedSet(
            contents.map { id, bytes in
                try #require(CommittedPiece(id: id, size: Int64(bytes.count), hash: Blake3Hasher.hash(bytes)))
            })
    }

    func terms(_ stage: SettlementStage, salt: UInt64 = 0) async throws -> AgreementTerms {
        AgreementTerms(
            payer: stage.payer.address, farmer: stage.farmer.address, signer: stage.payer.address, root: set.root.hash,
            chunkCount: set.root.sum, start: try await stage.backend.time().seconds, period: 86400, periodCount: 3,
            price: TokenAmount(100), window: 3600, grace: 7200, collateral: TokenAmount(50), penalty: TokenAmount(20),
            salt: UInt256(salt).bytes32)
    }

    func signature(_ stage: SettlementStage, _ terms: AgreementTerms) -> Signature {
        stage.farmer.key.sign(terms.digest(in: stage.domains.agreements))
    }

    func target(_ terms: AgreementTerms, period: UInt64, seed: Bytes32) throws -> UInt64 {
        try #require(
            Challenge(beacon: seed, agreement: terms.id, period: period, total: terms.chunkCount, sampleCount: 1)
                .chunk(sample: 0))
    }

    func proof(_ terms: AgreementTerms, chunk: UInt64) throws -> PossessionProof {
        let place = try #require(set.locate(chunk: chunk))
        let piece = set.pieces[place.piece]
        let bytes = try #require(contents[piece.id])
        let group = try #require(Blake3Tree.groupRange(chunk: place.chunk, size: piece.size))
        var hasher = Blake3Hasher(collectingGroups: true)
        hasher.update(bytes)
        let chunk = try ChunkProof.make(
            chunk: place.chunk, size: piece.size, group: Array(bytes[Int(group.lowerBound)..<Int(group.upperBound)]),
            groupValues: piece.size <= Blake3Tree.groupSize ? [] : hasher.groupValues())
        return PossessionProof(sample: SampleProof(piece: piece, path: set.path(piece: place.piece), chunk: chunk))
    }
}
