import Blake3
import Chores
import DRPC
import Identity
import Metabase
import NIOCore
import Overlay
import PieceStore
import StorageModel
import Synchronization
import TestSupport
import Upkeep
import WireMessages

/// A neighbourhood with segments that lose pieces, and repair.
final class RepairFixture: Sendable {
    let place: Neighbourhood
    let nodes: [Neighbour]
    let repairs: Repairs
    let content: [UInt8]

    /// Real nodes, each in a place of its own.
    ///
    /// - Parameters:
    ///   - overlay: what the satellite's rooms are built with; a second overlay over the same table is for `another`.
    ///   - settings: of repair.
    init(
        nodeCount: Int = 14, size: Int = 60_000, subnet: (Int) -> String = { "10.0.\($0)" },
        sleeper: Sleeper = Sleeper { _ in try await neverEnding() },
        settings change: (inout RepairSettings) -> Void = { _ in }
    ) async throws {
        place = try await Neighbourhood()
        nodes = try await place.startNeighbours(nodeCount, subnet: subnet)
        content = place.random.bytes(count: size)
        var settings = RepairSettings()
        change(&settings)
        repairs = Repairs(parts: place.parts(sleeper: sleeper), settings: settings)
        try await repairs.load()
    }

    /// Another repair of the same neighbourhood.
    ///
    /// - Parameter change: settings of an overlay of its own, which knows nothing of what happens later; nil for the same one.
    func repairs(
        sleeper: Sleeper = Sleeper { _ in try await neverEnding() }, dialer: (any RPCDialer)? = nil,
        overlay change: ((inout OverlaySettings) -> Void)? = nil,
        settings changeRepair: (inout RepairSettings) -> Void = { _ in }
    ) async throws -> Repairs {
        let parts = place.parts(sleeper: sleeper)
        var overlay = place.overlay
        if let change {
            var overlaySettings = OverlaySettings()
            overlaySettings.allowPrivateAddresses = true
            change(&overlaySettings)
            overlay = Overlay(
                database: place.database, settings: overlaySettings, dialer: place.dialer,
                resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") },
                clock: parts.clock, sleeper: sleeper, random: parts.random, logger: parts.logger)
            try await overlay.load()
        }
        var settings = RepairSettings()
        changeRepair(&settings)
        let repairs = Repairs(
            parts: UpkeepParts(
                database: parts.database, metabase: parts.metabase, overlay: overlay, issuer: parts.issuer,
                identity: parts.identity, dialer: dialer ?? parts.dialer, clock: parts.clock, sleeper: sleeper,
                random: parts.random, logger: parts.logger), settings: settings)
        try await repairs.load()
        return repairs
    }

    /// An object of one segment on the first eight nodes.
    func upload(_ key: String = "key", to holders: ArraySlice<Neighbour>? = nil, expiresAt: Timestamp? = nil) async throws
        -> Segment
    {
        try await place.upload(key, content, to: Array(holders ?? nodes[..<8]), expiresAt: expiresAt)
    }

    /// Stops nodes, and lets so much time pass that the satellite knows.
    func stop(_ gone: [Neighbour]) async throws {
        for node in gone { node.stop() }
        place.clock.advance(by: .seconds(5 * 3600))
        let names = Set(gone.map(\.id))
        for node in nodes where !names.contains(node.id) {
            try await place.checkIn(node.identity, at: node.address)
        }
    }

    /// Shows all segments to the checker.
    func check() async throws { try await place.loop.run([repairs.checker]) }

    /// The segment as it is now.
    func current(_ segment: Segment) async throws -> Segment {
        try await place.metabase.segment(of: segment.stream, at: segment.position)
    }

    func pieces(_ segment: Segment) async throws -> [SegmentPiece] { try place.remote(try await current(segment)).pieces }

    func segmentPlace(_ segment: Segment) -> SegmentPlace { SegmentPlace(stream: segment.stream, position: segment.position) }

    /// The node with the piece of a number.
    func holder(_ number: Int, of segment: Segment) async throws -> Neighbour? {
        let piece = try await pieces(segment).first { $0.number == number }
        return nodes.first { $0.id == piece?.node }
    }

    /// The numbers of pieces in the metadata whose node has exactly the bytes that were uploaded, and is not lost for good.
    func goodNumbers(_ segment: Segment) async throws -> Set<Int> {
        let segment = try await current(segment)
        let remote = try place.remote(segment)
        let classifier = place.overlay.classifier()
        var numbers: Set<Int> = []
        for (piece, id) in zip(remote.pieces, Neighbourhood.pieces(of: segment)) {
            guard let node = nodes.first(where: { $0.id == piece.node }), !classifier.condition(of: piece.node).isGone,
                try await node.holds(id.piece)
            else { continue }
            let reader = try await node.store.openPiece(satellite: place.satellite.id, pieceID: id.piece)
            var hasher = Blake3Hasher()
            for start in stride(from: 0, to: reader.piece.size, by: 64 << 10) {
                let count = min(64 << 10, reader.piece.size - start)
                hasher.update(Array(try await reader.read(offset: start, count: Int(count)).readableBytesView))
            }
            if let hash = piece.hash, hash.bytes == hasher.finalize().bytes {
                numbers.insert(piece.number)
            }
        }
        return numbers
    }

    /// Whether a customer gets the content back.
    func isReadable(_ segment: Segment) async throws -> Bool {
        try await place.download(try await current(segment), from: nodes) == content
    }
}

/// Ends the sleeps of one length at once, a few times; others never.
func briefSleeper(_ duration: Duration, times: Int) -> Sleeper {
    let count = Mutex(0)
    return Sleeper { asked in
        let isDue = asked == duration && count.withLock { count in
            count += 1
            return count <= times
        }
        if !isDue { try await neverEnding() }
    }
}

/// Ends every sleep after others had their turn for a while: whoever hangs is given up, honest nodes mostly are not.
let impatientSleeper = Sleeper { duration in
    // The pace of an upload's checks is not what is waited for.
    if duration < .seconds(1) { try await neverEnding() }
    for _ in 0..<(duration < .seconds(60) ? 300 : 3000) {
        try Task.checkCancellation()
        await Task.yield()
    }
}
