import Foundation
import Identity
import Metainfo
import Orders
import Overlay
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct RemoteSegmentTests {
    private func client(nodes: Int = 10) async throws -> TestClient {
        let client = TestClient(try await TestSatellite(nodeCount: nodes))
        try await client.makeBucket()
        return client
    }

    @Test func `an object with a remote segment is uploaded and offered for download`() async throws {
        let client = try await client()
        let (stream, begun) = try await client.beginRemote("key")
        #expect(begun.addressedLimits.count == 10)
        #expect(begun.privateKey.count == 64)
        let answers = try await client.batch([
            .segmentCommit(try client.commitSegment(begun)), .objectCommit(client.commit(stream)),
        ])
        #expect(answers[0].segmentCommit.successfulPieces == 8)
        #expect(answers[1].objectCommit.object.plainSize == 5000)
        let download = try await client.download("key")
        let first = try #require(download.segmentDownload.first)
        #expect(first.addressedLimits.count == 10)
        let offered = first.addressedLimits.enumerated().filter { $0.element.hasLimit }
        #expect(offered.count == RedundancyScheme.development.downloadShares)
        for (number, offer) in offered {
            let uploaded = try OrderLimit.parse(Array(begun.addressedLimits[number].limit))
            let limit = try OrderLimit.parse(Array(offer.limit))
            #expect(limit.pieceID == uploaded.pieceID)
            #expect(limit.storageNodeID == uploaded.storageNodeID)
            #expect(limit.action == .get)
            #expect(limit.limit == 2048)
        }
    }

    @Test func `all limits of a segment share serial and key, and are short enough for any node`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        let limits = try begun.addressedLimits.map { try OrderLimit.parse(Array($0.limit)) }
        #expect(Set(limits.map(\.serialNumber)).count == 1)
        #expect(Set(limits.map(\.uplinkPublicKey)) == [Array(begun.privateKey.suffix(32))])
        #expect(Set(limits.map(\.storageNodeID)).count == 10)
        #expect(limits.allSatisfy { $0.isSigned(by: client.satellite.identity.peer) })
        #expect(begun.addressedLimits.allSatisfy { $0.limit.count <= 391 })
    }

    @Test func `too few results are refused before anything else`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        let request = try client.commitSegment(begun, pieces: 7)
        let failure = try await client.failure(MetainfoMethods.commitSegment, request)
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.message.hasPrefix("the number of results of uploaded pieces (7)") == true)
    }

    @Test func `pieces of another size than the segment's are refused`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        var request = try client.commitSegment(begun)
        request.uploadResult[3] = try client.result(begun, piece: 3, size: 14848)
        let failure = try await client.failure(MetainfoMethods.commitSegment, request)
        #expect(failure?.message.hasPrefix("piece sizes are invalid") == true)
    }

    @Test func `a result that does not hold is dropped, and with it the segment when too few are left`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        let good = try client.commitSegment(begun, pieces: 9)
        var oldHash = try client.result(begun, piece: 8)
        oldHash = try client.result(
            begun, piece: 8, time: client.satellite.clock.now.advanced(by: .seconds(-24 * 3600 - 1)))
        var otherPiece = try client.result(begun, piece: 7)
        otherPiece.pieceNum = 8
        var unknownNumber = try client.result(begun, piece: 8)
        unknownNumber.pieceNum = 77
        var negativeNumber = unknownNumber
        negativeNumber.pieceNum = -1
        var twice = try client.result(begun, piece: 7)
        twice.pieceNum = 7
        var unsigned = try client.result(begun, piece: 8)
        let hash = try PieceHash.parse(Array(unsigned.hash))
        unsigned.hash = Data(hash.signed([UInt8](repeating: 1, count: 70)).encoded)
        var withoutHash = unsigned
        withoutHash.clearHash()
        for bad in [oldHash, otherPiece, unknownNumber, negativeNumber, twice, unsigned, withoutHash] {
            var request = good
            request.uploadResult[8] = bad
            #expect(try await client.call(MetainfoMethods.commitSegment, request).successfulPieces == 8)
            request.uploadResult.removeFirst()
            let failure = try await client.failure(MetainfoMethods.commitSegment, request)
            #expect(failure?.code == .invalidArgument)
            #expect(
                failure?.message.hasPrefix("Number of valid pieces (7) is less than the success threshold (8)") == true)
        }
    }

    @Test func `a piece on another node than offered is refused`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        var request = try client.commitSegment(begun)
        request.uploadResult[0].nodeID = request.uploadResult[1].nodeID
        #expect(try await client.failure(MetainfoMethods.commitSegment, request)?.code == .invalidArgument)
    }

    @Test func `a segment token serves for 48 hours`() async throws {
        let client = try await client()
        let (_, begun) = try await client.beginRemote("key")
        client.satellite.clock.advance(by: .seconds(48 * 3600))
        let request = try client.commitSegment(begun)
        #expect(try await client.failure(MetainfoMethods.commitSegment, request)?.message == "segment id is expired")
    }

    @Test func `failed pieces get nodes that were not offered before`() async throws {
        let client = try await client(nodes: 12)
        let (stream, begun) = try await client.beginRemote("key")
        var request = Metainfo_RetryBeginSegmentPiecesRequest()
        request.header = client.header
        request.segmentID = begun.segmentID
        request.retryPieceNumbers = [2, 5]
        let retried = try await client.call(MetainfoMethods.retryBeginSegmentPieces, request)
        let before = try begun.addressedLimits.map { try OrderLimit.parse(Array($0.limit)) }
        let after = try retried.addressedLimits.map { try OrderLimit.parse(Array($0.limit)) }
        #expect(after.count == 10)
        for number in 0..<10 {
            #expect((before[number].storageNodeID == after[number].storageNodeID) == ![2, 5].contains(number))
            #expect(before[number].serialNumber == after[number].serialNumber)
            #expect(before[number].uplinkPublicKey == after[number].uplinkPublicKey)
            #expect(before[number].orderExpiration == after[number].orderExpiration)
        }
        #expect(Set(after.map(\.storageNodeID)).isDisjoint(with: [before[2].storageNodeID, before[5].storageNodeID]))
        var replaced = begun
        replaced.segmentID = retried.segmentID
        replaced.addressedLimits = retried.addressedLimits
        let answers = try await client.batch([
            .segmentCommit(try client.commitSegment(replaced)), .objectCommit(client.commit(stream)),
        ])
        #expect(answers[0].segmentCommit.successfulPieces == 8)
    }

    @Test func `a download of too few reachable pieces says so`() async throws {
        let client = try await client()
        let (stream, begun) = try await client.beginRemote("key")
        _ = try await client.batch([
            .segmentCommit(try client.commitSegment(begun)), .objectCommit(client.commit(stream)),
        ])
        // Nodes that have not been heard of for longer than the overlay's window are not offered.
        client.satellite.clock.advance(by: .seconds(5 * 3600))
        try await client.satellite.overlay.load()
        // A satellite that was away itself holds that against nobody at first.
        client.satellite.clock.advance(by: .seconds(3 * 3600))
        var request = Metainfo_DownloadObjectRequest()
        request.header = client.header
        request.bucket = client.bucket
        request.encryptedObjectKey = Data("key".utf8)
        let failure = try await client.failure(MetainfoMethods.downloadObject, request)
        #expect(failure == RPCStatusError(.internal, "unable to create order limits"))
    }
}
