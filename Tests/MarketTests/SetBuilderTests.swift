import Blake3
import Foundation
import Heartbeats
import Identity
import Market
import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct SetBuilderTests {
    private func expected(_ farmer: Farmer) throws -> CommittedSet {
        try CommittedSet(
            farmer.pieces.compactMap { id, piece in
                CommittedPiece(id: id, size: Int64(piece.content.count), hash: Blake3Hasher.hash(piece.content))
            })
    }

    @Test(arguments: [300, 4096, 64 << 20])
    func `sets have the roots of all pieces, however little memory there is`(memory: Int) async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            for index in 0..<600 { try await place.store("object \(index)", on: farmers, .init(size: Int64(index))) }
            let builder = SetBuilder(
                metabase: place.metabase, folder: HeartbeatFolder(path: folder.path + "/sets"), memory: memory)
            let holdings = try await builder.build(period: 1, asOf: place.clock.now, until: place.clock.now) { _ in true }
            #expect(holdings.count == 2)
            for (node, holding) in holdings {
                let set = try expected(try #require(farmers.first { $0.id == node }))
                #expect(holding.root == set.root)
                #expect(holding.pieceCount == 600)
                #expect(holding.byteCount == set.pieces.reduce(0) { $0 + UInt64($1.size) })
            }
        }
    }

    @Test func `a piece that copies of an object share counts once`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(1)
            for index in 0..<3 { try await place.store("object \(index)", on: farmers) }
            let source = ObjectLocation(bucket: place.bucket, key: Array("object 1".utf8))
            let copy = try await place.metabase.beginCopy(source, to: place.bucket)
            let keys = copy.segmentKeys.map {
                SegmentKey(
                    position: $0.position, encryptedKey: place.random.bytes(count: 48),
                    encryptedKeyNonce: place.random.bytes(count: 24))
            }
            let object = copy.object
            _ = try await place.metabase.finishCopy(
                ObjectTransfer(
                    source: ObjectReference(
                        bucket: object.bucket, key: object.key, version: object.version, stream: object.stream),
                    destination: ObjectLocation(bucket: place.bucket, key: Array("copy".utf8)), segmentKeys: keys,
                    mayOverwrite: true))
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await market.status().nodes.map(\.holding.pieceCount) == [3])
            #expect(try await place.checkedVerdicts(market) == [farmers[0].id: .passed])
        }
    }

    @Test func `pieces stored after the moment that is meant do not count yet`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(1)
            try await place.store("before", on: farmers)
            let asOf = place.clock.now
            place.clock.advance(by: .seconds(1))
            try await place.store("after", on: farmers)
            let builder = SetBuilder(
                metabase: place.metabase, folder: HeartbeatFolder(path: folder.path + "/sets"), memory: 1 << 20)
            let holdings = try await builder.build(period: 1, asOf: asOf, until: place.clock.now) { _ in true }
            #expect(holdings.map(\.holding.pieceCount) == [1])
        }
    }
}
