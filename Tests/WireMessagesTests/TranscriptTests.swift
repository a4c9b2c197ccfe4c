import Foundation
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct TranscriptTests {
    private let checks = MetainfoChecks()

    @Test func `every method of the service has its message types`() {
        #expect(Set(checks.request.keys) == Set(MetainfoMethods.allPaths))
        #expect(MetainfoMethods.allPaths.count == 47)
    }

    @Test func `every recorded message is read and written without loss`() throws {
        var count = 0
        for transcript in try Transcript.all() {
            for call in transcript.rpcs {
                count += try check(call.request, checks.request[call.path], transcript.name)
                count += try check(call.response, checks.response[call.path], transcript.name)
            }
        }
        #expect(count > 900)
    }

    @Test func `every recorded batch item is read under its number and written without loss`() throws {
        let requests = MessageCheck(Metainfo_BatchRequestItem.self)
        let responses = MessageCheck(Metainfo_BatchResponseItem.self)
        var count = 0
        for transcript in try Transcript.all() {
            for call in transcript.rpcs {
                for item in call.request?.items ?? [] { try requests.run(wrapped(item)) }
                for item in call.response?.items ?? [] { try responses.run(wrapped(item)) }
                count += (call.request?.items ?? []).count + (call.response?.items ?? []).count
                for item in call.request?.items ?? [] where item.number != nil {
                    #expect(try Metainfo_BatchRequestItem.parse(wrapped(item)).request != nil)
                }
            }
        }
        #expect(count == 683)
    }

    @Test func `every recorded order limit is understood to the byte and leaves room for the piece header`() throws {
        var count = 0
        for transcript in try Transcript.all() {
            for item in transcript.rpcs.flatMap({ $0.response?.items ?? [] }) {
                let parsed = try Metainfo_BatchResponseItem.parse(wrapped(item))
                for encoded in limits(in: parsed) {
                    let limit = try OrderLimit.parse(encoded)
                    #expect(limit.signed(limit.satelliteSignature).encoded == Array(encoded))
                    #expect(limit.encoded.count <= 391)
                    count += 1
                }
            }
        }
        #expect(count > 100)
    }

    @Test func `every recorded piece hash is understood to the byte`() throws {
        var count = 0
        for transcript in try Transcript.all() {
            for item in transcript.rpcs.flatMap({ $0.request?.items ?? [] }) {
                guard case .segmentCommit(let commit) = try Metainfo_BatchRequestItem.parse(wrapped(item)).request
                else { continue }
                for result in commit.uploadResult {
                    let hash = try PieceHash.parse(result.hash)
                    #expect(hash.signed(hash.signature).encoded == Array(result.hash))
                    count += 1
                }
            }
        }
        #expect(count > 30)
    }

    private func check(_ message: Transcript.Message?, _ check: MessageCheck?, _ name: String) throws -> Int {
        guard let bytes = message?.hex?.bytes, let check else { return 0 }
        if message?.isUndecodable == true {
            #expect(throws: (any Error).self, "\(name)") { try check.run(bytes) }
        } else {
            try check.run(bytes)
        }
        return 1
    }

    private func wrapped(_ item: Transcript.Item) -> [UInt8] {
        guard let number = item.number else { return [] }
        return encodedField(number, item.hex.bytes)
    }

    private func limits(in item: Metainfo_BatchResponseItem) -> [Data] {
        let addressed: [Metainfo_AddressedOrderLimit] =
            switch item.response {
            case .segmentBegin(let answer): answer.addressedLimits
            case .segmentDownload(let answer): answer.addressedLimits
            case .objectDownload(let answer): answer.segmentDownload.flatMap(\.addressedLimits)
            default: []
            }
        return addressed.filter(\.hasLimit).map(\.limit)
    }
}
