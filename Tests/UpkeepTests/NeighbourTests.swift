import DRPC
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct NeighbourTests {
    @Test func `real nodes keep what is uploaded, over crashes, and faults show as they should`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNeighbours(8)
        #expect(place.overlay.nodes().count == 8)
        let content = place.random.bytes(count: 100_000)
        let segment = try await place.upload("key", content, to: nodes)
        let pieces = Neighbourhood.pieces(of: segment)
        #expect(pieces.count == 8)
        #expect(try await place.download(segment, from: nodes) == content)
        nodes[0].crash()
        #expect(try await place.download(segment, from: nodes) == content)
        try await nodes[0].restart()
        #expect(try await nodes[0].holds(pieces[0].piece))
        nodes[1].front.lose([pieces[1].piece])
        #expect(try await !nodes[1].holds(pieces[1].piece))
        nodes[2].front.misbehave(.corrupts, at: [.get])
        nodes[3].front.misbehave(.refuses(.unavailable), at: [.get])
        #expect(try await place.download(segment, from: nodes) == content)
        nodes[4].stop()
        #expect(try await place.download(segment, from: nodes) == content)
        nodes[5].stop()
        #expect(try await place.download(segment, from: nodes) == nil)
    }
}
