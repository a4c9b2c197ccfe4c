import DRPC
import Foundation
import Heartbeats
import Identity
import Market
import StorageModel
import TestSupport
import Testing
import WireMessages

/// What happens to nodes that do not hold what they are paid for, and that nobody else pays for it.
@Suite struct CheatingNodeTests {
    @Test func `a node that keeps 95 % of its bytes fails within three periods, its neighbours pass all`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            var ids: [PieceID] = []
            for index in 0..<40 { ids.append(try await place.store("object \(index)", on: farmers)[0]) }
            farmers[0].lose(ids.prefix(2))
            // One period of 80 samples lets it through with 0.95^80 = 1.7 %, three with 5 in a million.
            let market = try await place.market { $0.sampleCount = 80 }
            var failures = 0
            for _ in 0..<3 {
                try await market.runPeriod()
                let verdicts = try await place.checkedVerdicts(market)
                if case .failed = verdicts[farmers[0].id] { failures += 1 }
                #expect(verdicts[farmers[1].id] == .passed)
                #expect(verdicts[farmers[2].id] == .passed)
                place.clock.advance(by: .seconds(1))
            }
            #expect(failures > 0)
        }
    }

    @Test func `a node that keeps only cached answers fails the next period`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            for index in 0..<6 { try await place.store("object \(index)", on: farmers, .init(size: 100_000)) }
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
            farmers[0].keepOnlyAnswers()
            place.clock.advance(by: .seconds(1))
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            guard case .failed(_, .otherContent) = verdicts[farmers[0].id] else {
                Issue.record("\(String(describing: verdicts[farmers[0].id]))")
                return
            }
            #expect(verdicts[farmers[1].id] == .passed)
        }
    }

    @Test func `two identities on one disk cannot answer from each other's pieces`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            let (first, second) = (farmers[0], farmers[1])
            for index in 0..<6 { try await place.store("object \(index)", on: farmers) }
            // The disk keeps the first one's pieces only; the second answers with its twin's piece of the same segment.
            let twins = Dictionary(uniqueKeysWithValues: zip(second.pieces.keys.sorted(), first.pieces.keys.sorted()))
            second.lie { sample, _ in
                var other = sample
                other.pieceID = PieceID(sample.pieceID).flatMap { twins[$0] }.map { Data($0.bytes) } ?? Data()
                return first.honest(other)
            }
            second.lose(Array(second.pieces.keys))
            let market = try await place.market()
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[first.id] == .passed)
            #expect(verdicts[farmers[2].id] == .passed)
            #expect(verdicts[second.id] == .failed(sample: 0, .otherContent))
            let status = try await market.status()
            // The twin's uploader signed for the twin: that vouches for nothing here.
            #expect(status.nodes.first { $0.node == second.id }?.recordCount == 40)
        }
    }

    @Test func `two identities on one disk that has all pieces of both are two honest nodes`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            for index in 0..<3 { try await place.store("object \(index)", on: farmers) }
            for farmer in farmers {
                for (id, piece) in farmers[0].pieces.merging(farmers[1].pieces, uniquingKeysWith: { first, _ in first }) {
                    farmer.keep(id, piece)
                }
            }
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
        }
    }

    private static let nonsense: [(String, Farmer.Lie)] = [
        ("nothing", { _, _ in nil }),
        ("a long chunk", { _, answer in with(answer) { $0.chunk += Data(count: 5000) } }),
        ("a short chunk", { _, answer in with(answer) { $0.chunk.removeLast() } }),
        ("half a value", { _, answer in with(answer) { $0.siblings += Data([1]) } }),
        ("a thousand values", { _, answer in with(answer) { $0.siblings = Data(count: 32_000) } }),
        ("no path", { _, answer in with(answer) { $0.siblings = Data() } }),
        ("one number for all", { _, answer in with(answer) { $0.number = 7 } }),
        ("numbers that nobody asked for", { _, answer in with(answer) { $0.number = .max } }),
        ("the chunk of another sample", { _, answer in with(answer) { $0.number = ($0.number + 1) % 40 } }),
        ("a bit turned", { _, answer in with(answer) { $0.chunk[0] ^= 1 } }),
        ("rot", { sample, _ in with(Heartbeat_SampleAnswer()) { $0.number = sample.number; $0.fault = .corrupt } }),
        ("loss", { sample, _ in with(Heartbeat_SampleAnswer()) { $0.number = sample.number; $0.fault = .notFound } }),
    ]

    private static func with(
        _ answer: Heartbeat_SampleAnswer, _ change: (inout Heartbeat_SampleAnswer) -> Void
    ) -> Heartbeat_SampleAnswer {
        var answer = answer
        change(&answer)
        return answer
    }

    @Test(arguments: nonsense.indices)
    func `a node that answers nonsense fails, and the evidence shows it`(index: Int) async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            for number in 0..<4 { try await place.store("object \(number)", on: farmers) }
            farmers[0].lie(Self.nonsense[index].1)
            let market = try await place.market()
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            guard case .failed = verdicts[farmers[0].id] else {
                Issue.record("\(Self.nonsense[index].0): \(String(describing: verdicts[farmers[0].id]))")
                return
            }
            #expect(verdicts[farmers[1].id] == .passed)
        }
    }

    @Test func `forged attestations do not fail an honest chunk, but vouch for nothing`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(1)
            try await place.store("object", on: farmers)
            farmers[0].lie { _, answer in
                Self.with(answer) {
                    $0.pieceHash[10] ^= 1
                    $0.orderLimit = Data(count: 5000)
                }
            }
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market) == [farmers[0].id: .passed])
            #expect(try await market.status().nodes.map(\.recordCount) == [40])
        }
    }

    @Test func `a node whose uploader signed another hash than the satellite recorded is not blamed`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            try await place.store("object", on: farmers, .init(isMisrecorded: true))
            // The other one has lost the piece, and cannot show what the uploader signed.
            farmers[1].lie { sample, _ in Self.with(Heartbeat_SampleAnswer()) { $0.number = sample.number } }
            let market = try await place.market()
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .void)
            #expect(verdicts[farmers[1].id] == .failed(sample: 0, .otherContent))
        }
    }

    @Test func `a client that mixes SHA-256 among its pieces harms no node`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(1)
            try await place.store("mixed", on: farmers, .init(hashAlgorithm: .sha256, recordedAlgorithm: .blake3))
            // What is recorded is SHA-256 and leads to no chunk; the node can only show what was signed.
            farmers[0].lie { _, answer in Self.with(answer) { $0.siblings = Data() } }
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market) == [farmers[0].id: .void])
        }
    }
}
