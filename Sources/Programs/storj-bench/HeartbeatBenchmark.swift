import Blake3
import Database
import Foundation
import Heartbeats
import Identity
import Market
import Metabase
import Orders
import StorageModel
import WireMessages

extension Benchmark {
    /// What heartbeats cost a satellite, for a node with a million pieces.
    static var heartbeats: [Benchmark] {
        [
            Benchmark(
                name: "heartbeat sets", unit: "CPU ms/M pieces", ceiling: "3 hashes of SHA, 1 HMAC a piece: 1000"
            ) { scale in try await HeartbeatWorkload.sets(segments: scale == .real ? 25_000 : 10) },
            Benchmark(name: "heartbeat one set", unit: "CPU ms/M pieces", ceiling: "3 hashes of SHA a piece: 450") { scale in
                try await HeartbeatWorkload.oneSet(pieces: scale == .real ? 1_000_000 : 300)
            },
            Benchmark(name: "heartbeat judge", unit: "CPU ms/node", ceiling: "160 signatures: 20") { scale in
                try await HeartbeatWorkload.judge(pieces: scale == .real ? 1_000_000 : 300)
            },
            Benchmark(name: "heartbeat node", unit: "CPU ms/challenge", ceiling: "80 groups of 16 KiB: 1") { scale in
                try await AnsweringNode.challenge(pieces: scale == .real ? 100 : 2)
            },
        ]
    }
}

/// Pieces that are only numbers, and a few real ones.
private enum HeartbeatWorkload {
    private static let clock = WallClock { Timestamp(microseconds: 1_767_225_600_000_000) }

    /// Segments of 80 pieces on 80 nodes, from the database to the files of the sets.
    static func sets(segments: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "bench.db").path))
            let metabase = Metabase(database: database, clock: clock, random: .system)
            try await metabase.load()
            let bucket = BucketLocation(project: ProjectID.random(using: .system), name: "bench")
            _ = try await metabase.createBucket(NewBucket(location: bucket))
            let nodes = (0..<80).map { index in NodeID(Benchmark.input(31) + [UInt8(index)]) ?? NodeID() }
            for start in stride(from: 0, to: segments, by: 1000) {
                _ = try await metabase.putObject(
                    NewUpload(
                        location: ObjectLocation(bucket: bucket, key: Array("object \(start)".utf8)),
                        encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424)),
                    segments: (start..<min(start + 1000, segments)).map { segment($0, first: start, nodes) },
                    ObjectCommit(mayOverwrite: true))
            }
            let builder = SetBuilder(
                metabase: metabase, folder: HeartbeatFolder(path: folder.path + "/sets"), memory: 128 << 20)
            let start = Stopwatch.processCPU.read()
            let holdings = try await builder.build(period: 1, asOf: clock.now(), until: clock.now()) { _ in true }
            let seconds = Stopwatch.processCPU.read() - start
            precondition(holdings.count == 80, "what is measured is right")
            try database.close()
            let digest = holdings.map(\.holding.root.hash).sorted().flatMap(\.bytes)
            return Benchmark.Result(
                figure: seconds * 1000 / Double(segments * 80) * 1e6, digest: Benchmark.digest(digest))
        }
    }

    private static func segment(_ index: Int, first: Int, _ nodes: [NodeID]) -> NewSegment {
        let scheme = RedundancyScheme(required: 29, repair: 35, optimal: 80, total: 110)
        let pieces = nodes.enumerated().map { number, node in
            SegmentPiece(number: number, node: node, hash: Bytes32(words: [1, 2, UInt64(index), UInt64(number)]))
        }
        let content = RemoteSegment(
            rootPieceID: PieceID(storage: Bytes32(words: [3, 4, 5, UInt64(index)])),
            redundancy: scheme ?? .development, pieces: pieces, hashAlgorithm: 1)
        return NewSegment(
            position: SegmentPosition(part: 0, index: Int32(index - first)) ?? .zero, content: .remote(content),
            plainSize: 64 << 20, encryptedSize: 64 << 20, encryptedKey: Benchmark.input(48),
            encryptedKeyNonce: Benchmark.input(24))
    }

    /// The records of pieces whose ids are as mixed as real ones are.
    private static func records(_ count: Int) -> [UInt8] {
        var records: [UInt8] = []
        records.reserveCapacity(count * SetRecord.size)
        var state: UInt64 = 1
        for _ in 0..<count {
            var words: [UInt64] = (0..<8).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state
            }
            words.append(2_314_240)
            for word in words { withUnsafeBytes(of: word.bigEndian) { records.append(contentsOf: $0) } }
        }
        return records
    }

    /// One node's records, sorted, hashed and written.
    static func oneSet(pieces: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let records = records(pieces)
            let start = Stopwatch.processCPU.read()
            let holding = try SetBuilder.write(records, to: folder.path + "/set")
            let seconds = Stopwatch.processCPU.read() - start
            return Benchmark.Result(
                figure: seconds * 1000 / Double(pieces) * 1e6, digest: Benchmark.digest(holding.root.hash.bytes))
        }
    }

    /// Eighty samples of a large set: found on the disk, judged, their uploaders' signatures checked, encoded.
    static func judge(pieces: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let content = Benchmark.input(2_314_240)
            let satellite = NodeIdentity.generate(random: .system)
            let node = NodeIdentity.generate(random: .system)
            let hash = Blake3Hasher.hash(content)
            var records = records(pieces)
            // All pieces have one content, so that every sample can be answered.
            for index in 0..<pieces {
                records.replaceSubrange(index * SetRecord.size + 32..<index * SetRecord.size + 64, with: hash.bytes)
            }
            let holding = try SetBuilder.write(records, to: folder.path + "/set")
            var hasher = Blake3Hasher(collectingGroups: true)
            hasher.update(content)
            let values = hasher.groupValues()
            let challenge = Challenge(seed: Bytes32(words: [1, 2, 3, 4]), total: holding.root.sum, sampleCount: 80)
            let start = Stopwatch.processCPU.read()
            let asked = try AskedSample.find(challenge, in: folder.path + "/set", root: holding.root)
            let found = Stopwatch.processCPU.read()
            var answers: [ChunkProof] = []
            var attestations: [Attestation] = []
            let key = PieceKey.generate(random: .system)
            for sample in asked {
                guard let group = Blake3Tree.groupRange(chunk: sample.chunk, size: sample.piece.size) else { continue }
                answers.append(
                    try ChunkProof.make(
                        chunk: sample.chunk, size: sample.piece.size,
                        group: Array(content[Int(group.lowerBound)..<Int(group.upperBound)]), groupValues: values))
                attestations.append(attestation(sample.piece, key, node.id, satellite))
            }
            let judging = Stopwatch.processCPU.read()
            let proof = HeartbeatProof(
                samples: zip(asked, answers).map { SampleProof(piece: $0.piece, path: $0.path, chunk: $1) })
            let verdict = HeartbeatVerdict.judge(proof, challenge: challenge, root: holding.root)
            let trust = zip(asked, attestations).map {
                $1.trust(in: $0.piece, node: node.id, satellite: satellite.peer)
            }
            let bundle = EvidenceBundle(
                nodeChain: node.peer.concatenated, proof: proof, attestations: attestations)
            let bytes = bundle.encoded
            _ = EvidenceBundle.digest(of: bytes)
            let seconds = found - start + Stopwatch.processCPU.read() - judging
            precondition(verdict == .passed && trust.allSatisfy { $0 == .uploader }, "what is measured is right")
            FileHandle.standardError.write(
                Data("evidence \(bytes.count) bytes a node and period, set file \(pieces * 72) bytes\n".utf8))
            return Benchmark.Result(figure: seconds * 1000, digest: Benchmark.digest(holding.root.hash.bytes))
        }
    }

    private static func attestation(
        _ piece: CommittedPiece, _ key: PieceKey, _ node: NodeID, _ satellite: NodeIdentity
    ) -> Attestation {
        let now = clock.now()
        let limit = OrderLimit(
            serialNumber: SerialNumber(), satelliteID: satellite.id, storageNodeID: node, pieceID: piece.id,
            limit: piece.size, action: .put, orderExpiration: now, orderCreation: now, uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        let hash = key.sign(
            PieceHash(
                pieceID: piece.id, hash: piece.hash.bytes, pieceSize: piece.size, timestamp: now, hashAlgorithm: .blake3))
        return Attestation(pieceHash: hash.encoded, orderLimit: limit.encoded)
    }
}
