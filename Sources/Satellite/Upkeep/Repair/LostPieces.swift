import Logging
package import Metabase
import Overlay
import StorageModel
import Synchronization

/// Takes pieces out of the metadata that nodes themselves say they have lost, so that repair replaces them.
///
/// A report names piece ids, which say nothing about their segments: each pass over all segments derives the ids of the
/// pieces on nodes with open reports, and compares. A report is settled when its pieces are out of the metadata, or when a
/// pass that began after it has not found them.
package final class LostPieces: SegmentObserver {
    /// A reported piece in its segment.
    struct Finding: Sendable {
        let place: SegmentPlace
        let placement: Int32
        let rootPieceID: PieceID
        let number: Int
        let node: NodeID
        let pieceID: PieceID
    }

    private struct Pass {
        var open: [NodeID: Set<PieceID>] = [:]
        var found: [Finding] = []
    }

    package let name = "lost-pieces"
    private let parts: UpkeepParts
    private let queue: RepairQueue
    private let settings: RepairSettings
    private let pass = Mutex(Pass())

    init(parts: UpkeepParts, queue: RepairQueue, settings: RepairSettings) {
        self.parts = parts
        self.queue = queue
        self.settings = settings
    }

    package func begin(_ loop: RangedLoopPass) async throws {
        let open = try await parts.overlay.openLostPieces().mapValues { Set($0) }
        pass.withLock { $0 = Pass(open: open) }
    }

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        let open = pass.withLock { $0.open }
        return LostPieceSearch(nodes: nodes, reports: open)
    }

    package func join(_ fork: any SegmentFork) throws {
        guard let search = fork as? LostPieceSearch else { return }
        pass.withLock { $0.found += search.found }
    }

    package func finish(_ loop: RangedLoopPass) async throws {
        let pass = pass.withLock { pass in
            defer { pass = Pass() }
            return pass
        }
        if pass.open.isEmpty { return }
        // What is not settled below stays open and is looked for again by the next pass.
        var unsettled: Set<PieceID> = []
        for (place, findings) in Dictionary(grouping: pass.found, by: \.place) {
            try Task.checkCancellation()
            if try await !remove(findings, from: place) { unsettled.formUnion(findings.map(\.pieceID)) }
        }
        for (node, pieces) in pass.open {
            try await parts.overlay.settleLostPieces(node, pieces.filter { !unsettled.contains($0) })
        }
        parts.logger.info(
            "lost pieces taken out",
            metadata: ["found": "\(pass.found.count)", "left": "\(unsettled.count)", "nodes": "\(pass.open.count)"])
    }

    /// How often a segment is read again because somebody else changes it at the same time.
    private static let maximumRaces = 5

    /// Takes pieces out of one segment and puts it into the queue if it needs repair now.
    ///
    /// Pieces of a segment that cannot be read without them stay: a node's word is no reason to give up the last hope.
    /// - Returns: whether the report is settled.
    private func remove(_ findings: [Finding], from place: SegmentPlace) async throws -> Bool {
        for _ in 0..<Self.maximumRaces {
            guard let (segment, remote) = try await parts.metabase.remoteSegment(at: place) else { return true }
            let lost = Set(findings.filter { $0.rootPieceID == remote.rootPieceID }.map { finding in
                PieceHolding(SegmentPiece(number: finding.number, node: finding.node, hash: nil))
            })
            let kept = remote.pieces.filter { !lost.contains(PieceHolding($0)) }
            if kept.count == remote.pieces.count { return true }
            let classifier = parts.overlay.classifier()
            let states = classifier.classify(kept.map { ($0.number, $0.node) }, placement: segment.placement)
            let threshold = settings.threshold(remote.redundancy, placement: segment.placement)
            let entry = RepairChecker.entry(
                place, placement: segment.placement, states: states, threshold: threshold, classifier: classifier,
                settings: settings)
            if kept.count < threshold.required {
                if let entry { try await queue.put([entry], at: parts.clock.now()) }
                return false
            }
            let isDone = try await parts.metabase.updatePieces(
                of: place.stream, at: place.position, expecting: remote, to: kept)
            guard isDone else { continue }
            if let entry { try await queue.put([entry], at: parts.clock.now()) }
            return true
        }
        return false
    }
}

/// The search in one range.
private final class LostPieceSearch: SegmentFork {
    /// By alias: what the node says it has lost.
    private let reports: [Set<PieceID>?]
    private let nodes: NodeTable
    private(set) var found: [LostPieces.Finding] = []

    init(nodes: NodeTable, reports: [NodeID: Set<PieceID>]) {
        self.nodes = nodes
        self.reports =
            reports.isEmpty ? [] : (0..<nodes.count).map { alias in nodes[Int64(alias)].flatMap { reports[$0] } }
    }

    func process(_ segments: [ScannedSegment]) throws {
        if reports.isEmpty { return }
        for segment in segments {
            guard let pieces = segment.pieces else { continue }
            var deriver: PieceIDDeriver?
            for entry in pieces.entries where entry.alias >= 0 && entry.alias < Int64(reports.count) {
                guard let report = reports[Int(entry.alias)], let node = nodes[entry.alias] else { continue }
                let known = deriver ?? pieces.rootPieceID.deriver()
                deriver = known
                let id = known.derive(node: node, pieceNumber: Int32(entry.number))
                guard report.contains(id) else { continue }
                found.append(
                    LostPieces.Finding(
                        place: SegmentPlace(stream: segment.stream, position: segment.position),
                        placement: segment.placement, rootPieceID: pieces.rootPieceID, number: entry.number,
                        node: node, pieceID: id))
            }
        }
    }
}
