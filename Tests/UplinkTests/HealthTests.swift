import DRPC
import Foundation
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink
import WireMessages

@Suite struct HealthTests {
    private func health(_ project: Uplink.Project, key: String = "key") async throws -> [SegmentHealth] {
        var segments: [SegmentHealth] = []
        for try await segment in project.health(bucket: "bucket", key: key) { segments.append(segment) }
        return segments
    }

    /// A satellite that knows the object and then gives these answers about its health.
    private func scripted(_ answers: [ScriptedSatellite.Answer]) throws -> ScriptedSatellite {
        var object = Metainfo_GetObjectResponse()
        object.object.bucket = Data("bucket".utf8)
        object.object.objectVersion = Data([UInt8](repeating: 9, count: 16))
        return ScriptedSatellite([try .batch(.objectGet(object))] + answers)
    }

    private func page(_ segments: [Health_SegmentHealth], more: Bool = false) throws -> ScriptedSatellite.Answer {
        var answer = Health_ObjectHealthResponse()
        answer.segments = segments
        answer.more = more
        return .bytes(try answer.encoded())
    }

    private func segment(
        _ position: Int64 = 0, healthy: Int32 = 80, retrievable: Int32 = 80, pieces: [Int32] = []
    ) -> Health_SegmentHealth {
        var segment = Health_SegmentHealth()
        segment.position = position
        (segment.required, segment.repair, segment.optimal, segment.total) = (29, 35, 80, 110)
        (segment.healthy, segment.retrievable) = (healthy, retrievable)
        segment.pieces = pieces.map { number in
            var piece = Health_PieceHealth()
            piece.number = number
            piece.nodeID = Data([UInt8](repeating: 1, count: 32))
            return piece
        }
        return segment
    }

    @Test func `a real satellite tells the health of what was just uploaded`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(100_000), "large")
        try await bench.put(pattern(10), "small")
        let large = try await health(bench.project, key: "large")
        #expect(large.map(\.condition) == [.healthy])
        #expect(large[0].pieces.count >= 8)
        #expect(Set(large[0].pieces.map(\.node)).count == large[0].pieces.count)
        #expect(try await health(bench.project, key: "small").map(\.condition) == [.inline])
        await #expect(throws: UplinkError.self) { try await health(bench.project, key: "none") }
    }

    @Test(arguments: [
        RPCStatusError(.unimplemented, "Unimplemented"),
        RPCStatusError(.unknown, "protocol error: unknown rpc: \"/health.ObjectHealth/Get\""),
    ])
    func `a satellite without this service is recognised and said so`(_ refusal: RPCStatusError) async throws {
        let project = try scripted([.refusal(refusal)]).project()
        let error = await #expect(throws: UplinkError.self) { try await health(project) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("does not offer this") == true)
    }

    @Test func `all pages are asked for of one version and in order`() async throws {
        let satellite = try scripted([
            page([segment(0), segment(1)], more: true), page([segment(1 << 32)], more: true), page([]),
        ])
        let segments = try await health(try satellite.project())
        #expect(segments.map(\.index) == [0, 1, 0])
        #expect(segments.map(\.partNumber) == [0, 0, 1])
        let asked = try satellite.questions.filter { $0.path == HealthMethods.objectHealth.path }.map {
            try Health_ObjectHealthRequest.parse($0.bytes)
        }
        #expect(asked.map(\.fromPosition) == [0, 2, (1 << 32) + 1])
        #expect(asked.allSatisfy { $0.objectVersion == Data([UInt8](repeating: 9, count: 16)) })
    }

    @Test func `answers that make no sense are refused, and none makes an endless loop`() async throws {
        var negative = segment()
        negative.encryptedSize = -1
        var manyPieces = segment()
        manyPieces.total = 300
        let answers: [ScriptedSatellite.Answer] = [
            try page([], more: true), try page([segment(1), segment(0)]), try page([segment(0), segment(0)]),
            try page([segment(-1)]), try page([segment(0x8000_0000)]), try page([segment(.max)]), try page([negative]),
            try page([manyPieces]), try page([segment(healthy: 200)]), try page([segment(retrievable: -1)]),
            try page([segment(pieces: [110])]), try page([segment(pieces: [3, 3])]), .bytes([0xff]),
        ]
        for answer in answers {
            let project = try scripted([answer]).project()
            let error = await #expect(throws: UplinkError.self) { try await health(project) }
            #expect(error?.code == .satelliteError)
        }
    }

    @Test(arguments: [
        (80, 80, SegmentHealth.Condition.healthy), (36, 36, .healthy), (35, 40, .degraded), (10, 32, .degraded),
        (10, 31, .atRisk), (29, 29, .atRisk), (0, 28, .lost),
    ] as [(Int32, Int32, SegmentHealth.Condition)])
    func `the condition follows from the counts`(
        _ healthy: Int32, _ retrievable: Int32, _ expected: SegmentHealth.Condition
    ) async throws {
        let project = try scripted([page([segment(healthy: healthy, retrievable: retrievable)])]).project()
        #expect(try await health(project).map(\.condition) == [expected])
    }

    @Test func `states of a newer satellite are told as unknown`() async throws {
        var segment = segment(pieces: [1])
        segment.pieces[0].state = .UNRECOGNIZED(77)
        let project = try scripted([page([segment])]).project()
        #expect(try await health(project).first?.pieces.map(\.state) == [.unknown])
    }
}
