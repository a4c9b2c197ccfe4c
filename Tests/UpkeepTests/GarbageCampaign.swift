import Chores
import Metabase
import PieceStore
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// Uploads, copies, moves, deletes and repairs that are in flight while garbage is collected, in an order that a seed decides;
/// nodes crash and come back, and their clocks are off by up to an hour.
final class GarbageCampaign {
    /// What has been begun and may be finished later.
    private enum Flight {
        case upload(NewSegment, key: String, since: Timestamp)
        case pending(UploadReference, NewSegment, since: Timestamp)
        case copy(CopySource, isMove: Bool)
        case repair(Segment, [SegmentPiece], since: Timestamp)
    }

    let place: Neighbourhood
    let nodes: [Neighbour]
    let collector: GarbageCollector
    private var random: RandomSource
    private var keys: [String] = []
    private var flights: [Flight] = []
    private var count = 0
    /// Every piece ever brought to a node.
    private(set) var everything: [PieceID: Neighbour] = [:]

    init(seed: UInt64) async throws {
        let place = try await Neighbourhood()
        self.place = place
        let offsets = [0, 3600, -3600, 0, 1800, -1800, 0, 0, 3600, -3600]
        nodes = try await place.startNeighbours(10, clock: { index in
            WallClock { place.clock.now.advanced(by: .seconds(offsets[index])) }
        })
        var settings = GarbageSettings()
        settings.expectedPieceCount = 300
        // Of a handful of objects half may go in a moment.
        settings.suspiciousRatio = 0
        collector = try await place.collector(settings)
        random = .seeded(seed)
    }

    /// Does one thing by chance; whether nodes may have thrown something away.
    func step() async throws -> Bool {
        switch random(16) {
        case 0, 1: try await upload()
        case 2, 3: try await begin()
        case 4, 5: try await finish()
        case 6: try await delete()
        case 7: try await beginCopy(isMove: false)
        case 8: try await beginCopy(isMove: true)
        case 9: try await beginRepair()
        case 10: place.clock.advance(by: .seconds(random(20 * 3600)))
        case 11:
            place.clock.advance(by: .seconds(80 * 3600))
            try await upload()
        case 12: _ = try await collector.collect()
        case 13, 14:
            try await nodes[random(nodes.count)].garbageCollection.triggerAndWait()
            return true
        default:
            let node = nodes[random(nodes.count)]
            if random(2) == 0 { node.crash() }
            try await node.restart()
            return true
        }
        return false
    }

    /// Pieces that must be there and are not: of all segments in the metabase, and of what may still be committed.
    func missing() async throws -> [PieceID] {
        let held = try Dictionary(nodes.map { ($0.id, try $0.heldPieces()) }) { first, _ in first }
        return try await living().filter { held[$0.node]?.contains($0.piece) != true }.map(\.piece)
    }

    /// Collects until nothing moves any more; the share of dead pieces that still take space.
    func cleanUp() async throws -> Double {
        flights = []
        for _ in 0..<4 {
            place.clock.advance(by: .seconds(80 * 3600))
            try await upload()
            _ = try await collector.collect()
            for node in nodes { try await node.garbageCollection.triggerAndWait() }
        }
        let living = Set(try await living().map(\.piece))
        let dead = everything.filter { !living.contains($0.key) }
        let held = try nodes.reduce(into: Set<PieceID>()) { $0.formUnion(try $1.heldPieces()) }
        let kept = dead.keys.count { held.contains($0) }
        return dead.isEmpty ? 0 : Double(kept) / Double(dead.count)
    }

    private func living() async throws -> [(node: NodeID, piece: PieceID)] {
        let segments = Mutex<[(PieceID, [(Int, NodeID)])]>([])
        let table = Mutex<NodeTable?>(nil)
        try await place.metabase.scan(batchSize: 100) { nodes in
            table.withLock { $0 = nodes }
        } _: { batch in
            guard let nodes = table.withLock({ $0 }) else { return false }
            for case let pieces? in batch.map(\.pieces) {
                let holders = pieces.entries.compactMap { entry in nodes[entry.alias].map { (entry.number, $0) } }
                segments.withLock { $0.append((pieces.rootPieceID, holders)) }
            }
            return true
        }
        var living = segments.withLock { $0 }.flatMap { root, holders in
            holders.map { (node: $1, piece: root.derive(node: $1, pieceNumber: Int32($0))) }
        }
        for flight in flights {
            switch flight {
            case .upload(let segment, _, let since), .pending(_, let segment, let since):
                if isYoung(since) { living += Neighbourhood.pieces(of: segment) }
            case .copy, .repair: break
            }
        }
        return living
    }

    /// Whether the satellite still takes a segment whose pieces are so old.
    private func isYoung(_ since: Timestamp) -> Bool { place.clock.now.duration(since: since) < .seconds(24 * 3600) }

    private func random(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private func newSegment() async throws -> NewSegment {
        let holders = Array(nodes.shuffled(using: &random).prefix(8))
        let segment = try await place.uploadPieces(place.random.bytes(count: 1 + random(3000)), to: holders)
        for (node, piece) in Neighbourhood.pieces(of: segment) {
            everything[piece] = nodes.first { $0.id == node }
        }
        return segment
    }

    private func newKey() -> String {
        count += 1
        // Now and then an object is replaced.
        return random(5) == 0 ? keys.randomElement(using: &random) ?? "key" : "key\(count)"
    }

    private func upload() async throws {
        let key = newKey()
        try await place.put(key, [try await newSegment()])
        if !keys.contains(key) { keys.append(key) }
    }

    private func begin() async throws {
        if random(2) == 0 {
            flights.append(.upload(try await newSegment(), key: newKey(), since: place.clock.now))
        } else {
            let upload = try await place.metabase.beginUpload(place.newUpload(newKey()))
            flights.append(.pending(upload.reference, try await newSegment(), since: place.clock.now))
        }
    }

    private func finish() async throws {
        guard !flights.isEmpty else { return }
        switch flights.remove(at: random(flights.count)) {
        case .upload(let segment, let key, let since):
            guard isYoung(since) else { return }
            try await place.put(key, [segment])
            if !keys.contains(key) { keys.append(key) }
        case .pending(let reference, let segment, let since):
            guard isYoung(since) else { return }
            try await place.metabase.commitSegment(segment, in: reference)
            switch random(3) {
            case 0: _ = try await place.metabase.abortUpload(reference)
            case 1:
                let object = try await place.metabase.commitObject(reference, ObjectCommit(mayOverwrite: true))
                keys.append(String(decoding: object.key, as: UTF8.self))
            default: break  // It stays pending, as parts of a multipart upload do for days.
            }
        case .copy(let source, let isMove): try await finishCopy(source, isMove: isMove)
        case .repair(let segment, let pieces, let since):
            // A repair is given up within an hour; after a day its pieces are garbage like those of an upload.
            guard isYoung(since) else { return }
            _ = try await place.metabase.updatePieces(
                of: segment.stream, at: segment.position, expecting: place.remote(segment), to: pieces,
                repairedAt: place.clock.now)
        }
    }

    private func delete() async throws {
        guard !keys.isEmpty else { return }
        let key = keys.remove(at: random(keys.count))
        _ = try await place.metabase.deleteObject(ObjectLocation(bucket: place.bucket, key: Array(key.utf8)))
    }

    private func beginCopy(isMove: Bool) async throws {
        guard let key = keys.randomElement(using: &random) else { return }
        let location = ObjectLocation(bucket: place.bucket, key: Array(key.utf8))
        do {
            flights.append(.copy(try await place.metabase.beginCopy(location, to: place.bucket), isMove: isMove))
        } catch MetabaseError.objectNotFound {}
    }

    private func finishCopy(_ source: CopySource, isMove: Bool) async throws {
        let key = newKey()
        let transfer = ObjectTransfer(
            source: ObjectReference(
                bucket: source.object.bucket, key: source.object.key, version: source.object.version,
                stream: source.object.stream),
            destination: ObjectLocation(bucket: place.bucket, key: Array(key.utf8)),
            segmentKeys: source.segmentKeys, mayOverwrite: true)
        do {
            if isMove {
                _ = try await place.metabase.finishMove(transfer)
                keys.removeAll { Array($0.utf8) == source.object.key }
            } else {
                _ = try await place.metabase.finishCopy(transfer)
            }
            if !keys.contains(key) { keys.append(key) }
        } catch MetabaseError.sourceChanged {} catch MetabaseError.objectNotFound {}
    }

    private func beginRepair() async throws {
        guard let key = keys.randomElement(using: &random) else { return }
        let location = ObjectLocation(bucket: place.bucket, key: Array(key.utf8))
        guard let stream = try? await place.metabase.object(location).stream else { return }
        let segment = try await place.metabase.segment(of: stream, at: .zero)
        let remote = try place.remote(segment)
        let used = Set(remote.pieces.map(\.number))
        let holders = Set(remote.pieces.map(\.node))
        guard let number = (0..<10).first(where: { !used.contains($0) }),
            let node = nodes.filter({ !holders.contains($0.id) }).randomElement(using: &random)
        else { return }
        let id = remote.rootPieceID.derive(node: node.id, pieceNumber: Int32(number))
        guard everything[id] == nil else { return }
        let size = remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
        let piece = try await place.uploadPiece(
            place.random.bytes(count: Int(size)), number: number, of: remote.rootPieceID, to: node)
        everything[id] = node
        flights.append(.repair(segment, Array(remote.pieces.dropFirst()) + [piece], since: place.clock.now))
    }
}
