import ArgumentParser
import Blake3
import Foundation
import Heartbeats
import StorageModel

/// `storj-bench cheaters`: how soon heartbeats find nodes that do not keep everything.
struct CheaterTable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cheaters", abstract: "Counts heartbeats until a node that drops data fails, beside theory.",
        discussion: """
            For every seed, a node stores pieces and drops some of them until the given share of its bytes is gone; then
            it is challenged, period after period, until its answer fails. Sets, challenges, proofs and verdicts are
            the real ones. Theory: a heartbeat of n samples misses the loss with probability (1 - share)^n.
            """)

    @Option(help: "Nodes tried for each row.")
    var seeds = 100

    @Option(name: .customLong("pieces"), help: "Pieces of a node.")
    var pieceCount = 500

    @Option(help: "Samples of a heartbeat, separated by commas.")
    var samples = "80,20"

    /// Shares of bytes that are dropped.
    private static let shares = [0.01, 0.05, 0.20]

    func run() async throws {
        let counts = samples.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
        print("heartbeats until the first failure, \(seeds) seeds; theory in brackets")
        print("dropped  samples  median       95th pct     mean           longest  honest nodes failed")
        for count in counts {
            for share in Self.shares { try await row(share: share, samples: count) }
        }
    }

    private func row(share: Double, samples: Int) async throws {
        var lengths: [Int] = []
        var blamed = 0
        for seed in 0..<seeds {
            let node = try CheatingNode(seed: UInt64(seed), pieceCount: pieceCount, dropping: share)
            lengths.append(try await node.heartbeatsUntilFailure(samples: samples))
            blamed += try await node.isHonestTwinBlamed(samples: samples) ? 1 : 0
        }
        lengths.sort()
        let miss = pow(1 - share, Double(samples))
        func theory(_ quantile: Double) -> Int { max(1, Int((log(1 - quantile) / log(miss)).rounded(.up))) }
        func measured(_ quantile: Double) -> Int { lengths[min(lengths.count - 1, Int(Double(lengths.count) * quantile))] }
        let mean = Double(lengths.reduce(0, +)) / Double(lengths.count)
        print(
            Self.pad(String(format: "%.0f %%", share * 100), 9) + Self.pad("\(samples)", 9)
                + Self.pad("\(measured(0.5)) (\(theory(0.5)))", 13) + Self.pad("\(measured(0.95)) (\(theory(0.95)))", 13)
                + Self.pad(String(format: "%.2f (%.2f)", mean, 1 / (1 - miss)), 15)
                + Self.pad("\(lengths.last ?? 0)", 9) + "\(blamed)")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

/// A node that has dropped some of its pieces and answers zeros for them.
private struct CheatingNode {
    private struct Piece {
        let content: [UInt8]
        let groupValues: [UInt8]
    }

    private let set: CommittedSet
    private let pieces: [PieceID: Piece]
    private let dropped: Set<PieceID>
    private let random: RandomSource

    init(seed: UInt64, pieceCount: Int, dropping share: Double) throws {
        let random = RandomSource(seed: seed)
        self.random = random
        var pieces: [PieceID: Piece] = [:]
        var committed: [CommittedPiece] = []
        for _ in 0..<pieceCount {
            // Sizes over two orders of magnitude, as real pieces have.
            let size = 256 << Int(random.next() % 9)
            let id = PieceID.random(using: random)
            let content = random.bytes(count: size)
            var hasher = Blake3Hasher(collectingGroups: true)
            hasher.update(content)
            let values = Int64(size) <= Blake3Tree.groupSize ? [] : hasher.groupValues()
            pieces[id] = Piece(content: content, groupValues: values)
            if let piece = CommittedPiece(id: id, size: Int64(size), hash: Blake3Hasher.hash(content)) {
                committed.append(piece)
            }
        }
        set = try CommittedSet(committed)
        self.pieces = pieces
        // Drops pieces at random as long as they fit into the share; the smallest, of one chunk, fill it up.
        let target = Double(set.root.sum) * share
        var dropped: Set<PieceID> = []
        var gone = 0.0
        for piece in set.pieces.shuffled(using: random) {
            let chunks = Double(piece.chunkCount)
            guard gone + chunks <= target.rounded() else { continue }
            dropped.insert(piece.id)
            gone += chunks
        }
        self.dropped = dropped
    }

    func heartbeatsUntilFailure(samples: Int) async throws -> Int {
        for period in 1...10_000 {
            if try await verdict(period, samples, dropping: dropped) != .passed { return period }
        }
        return 10_000
    }

    func isHonestTwinBlamed(samples: Int) async throws -> Bool {
        try await verdict(1, samples, dropping: []) != .passed
    }

    private func verdict(_ period: Int, _ samples: Int, dropping: Set<PieceID>) async throws -> HeartbeatVerdict {
        let challenge = Challenge(
            beacon: PieceID.random(using: random).storage, agreement: Bytes32(), period: UInt64(period),
            total: set.root.sum, sampleCount: samples)
        let proof = try await HeartbeatProof.make(challenge, set: set) { piece, chunk in
            guard let stored = pieces[piece.id], !dropping.contains(piece.id),
                let group = Blake3Tree.groupRange(chunk: chunk, size: piece.size)
            else { return ChunkProof(chunk: [], siblings: []) }
            return try ChunkProof.make(
                chunk: chunk, size: piece.size,
                group: Array(stored.content[Int(group.lowerBound)..<Int(group.upperBound)]),
                groupValues: stored.groupValues)
        }
        return HeartbeatVerdict.judge(proof, challenge: challenge, root: set.root)
    }
}

extension RandomSource {
    /// A source that repeats itself for the same seed (SplitMix64, Steele et al. 2014); for one thread.
    fileprivate init(seed: UInt64) {
        nonisolated(unsafe) var state = seed &+ 1
        self.init {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}

extension Array {
    /// In an order that a source of randomness decides.
    fileprivate func shuffled(using random: RandomSource) -> [Element] {
        var generator = random
        return shuffled(using: &generator)
    }
}
