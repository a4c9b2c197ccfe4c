import Chores
import Database
import Metabase
import Overlay
import PieceStore
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

/// A satellite restored from an old backup: segments come back that nodes were told to forget.
@Suite struct AuditRestoreTests {
    /// Keeps the segments and the satellite's signs of life as they are now.
    private func backUp(_ scene: AuditScene) async throws {
        try await scene.place.database.write { session in
            try session.execute("CREATE TABLE backup_segments AS SELECT * FROM segments")
            try session.execute("CREATE TABLE backup_state AS SELECT * FROM audit_state")
        }
    }

    /// Puts them back, and starts the satellite.
    private func restore(_ scene: AuditScene) async throws -> Audits {
        try await scene.place.database.write { session in
            try session.execute("DELETE FROM segments")
            try session.execute("INSERT INTO segments SELECT * FROM backup_segments")
            try session.execute("DELETE FROM audit_state")
            try session.execute("INSERT INTO audit_state SELECT * FROM backup_state")
        }
        return try await scene.restarted()
    }

    private func delete(_ key: String, _ scene: AuditScene) async throws {
        _ = try await scene.place.metabase.deleteObject(
            ObjectLocation(bucket: scene.place.bucket, key: Array(key.utf8)))
    }

    @Test func `deleted segments that come back hurt nobody when all nodes have thrown them away`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await backUp(scene)
        try await delete("key", scene)
        for node in scene.nodes { try scene.lose(segment, at: node) }
        try await scene.pass(.seconds(9 * 86_400), online: scene.nodes)
        let audits = try await restore(scene)
        try await scene.audit(audits)
        for node in scene.nodes { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        #expect(try await scene.pieces(segment).count == 8)
    }

    @Test func `deleted segments that come back hurt nobody when some nodes still have them`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await backUp(scene)
        try await delete("key", scene)
        for node in scene.nodes.prefix(3) { try scene.lose(segment, at: node) }
        try await scene.pass(.seconds(9 * 86_400), online: scene.nodes)
        let audits = try await restore(scene)
        #expect(try await audits.status().forgivesUntil != nil)
        try await scene.audit(audits)
        for node in scene.nodes.prefix(3) { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        for node in scene.nodes.suffix(5) { #expect(try await scene.tally(node) == [1, 0, 0, 0]) }
        // What is gone is gone: repair shall see it.
        #expect(try await scene.pieces(segment) == [3, 4, 5, 6, 7])
        #expect(try await audits.history(of: scene.nodes[0].id).rows.map(\.result) == ["forgiven"])
    }

    @Test func `a piece that was repaired away after the backup is not held against its old holder`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await backUp(scene)
        let remote = try scene.place.remote(segment)
        _ = try await scene.place.metabase.updatePieces(
            of: segment.stream, at: segment.position, expecting: remote, to: Array(remote.pieces.dropFirst()))
        try scene.lose(segment, at: scene.nodes[0])
        try await scene.pass(.seconds(2 * 86_400), online: scene.nodes)
        let audits = try await restore(scene)
        // It errs by silence first: also what a node owes is forgiven.
        scene.nodes[0].front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit])
        try await scene.audit(audits)
        scene.nodes[0].front.misbehave(nil)
        try await scene.audit(audits)
        try await audits.runReverificationsOnce()
        #expect(try await scene.tally(scene.nodes[0]) == [0, 0, 0, 0])
        #expect(try await scene.pieces(segment) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func `new segments count at once, old ones when the time of grace is over`() async throws {
        let scene = try await AuditScene()
        let old = try await scene.store("old")
        try await backUp(scene)
        try await scene.pass(.seconds(2 * 86_400), online: scene.nodes)
        let audits = try await restore(scene)
        let new = try await scene.store("new")
        try scene.lose(new, at: scene.nodes[1])
        try await scene.audit(audits)
        #expect(try await scene.tally(scene.nodes[1])[1] == 1)
        // Used every day, so that this is not taken for another restore.
        for _ in 0..<60 {
            try await scene.pass(.seconds(43_200), online: scene.nodes)
            try await audits.runAuditsOnce()
        }
        #expect(try await audits.status().forgivesUntil == nil)
        try scene.lose(old, at: scene.nodes[2])
        try await scene.audit(audits)
        #expect(try await scene.tally(scene.nodes[2])[1] == 1)
    }

    @Test func `a satellite that was off for a night forgives nothing`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await scene.pass(.seconds(12 * 3600), online: scene.nodes)
        let audits = try await scene.restarted()
        #expect(try await audits.status().forgivesUntil == nil)
        try scene.lose(segment, at: scene.nodes[0])
        try await scene.audit(audits)
        #expect(try await scene.tally(scene.nodes[0]) == [0, 1, 0, 0])
    }

    @Test func `an operator who restored a young backup can say so, and a restart remembers it`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await scene.pass(.seconds(3600), online: scene.nodes)
        try await scene.audits.forgive(before: scene.place.clock.now)
        let audits = try await scene.restarted()
        try scene.lose(segment, at: scene.nodes[0])
        try await scene.audit(audits)
        #expect(try await scene.tally(scene.nodes[0]) == [0, 0, 0, 0])
        #expect(try await scene.pieces(segment).count == 7)
    }

    @Test func `within the week that trash is kept, nodes take the pieces out of it and pass`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try await scene.pass(.seconds(4 * 86_400), online: scene.nodes)
        try await scene.store("newer")
        try await backUp(scene)
        try await delete("key", scene)
        _ = try await scene.place.collector().collect()
        for node in scene.nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(scene.nodes[0].store.usage.trashPieces == 1)
        try await scene.pass(.seconds(5 * 86_400), online: scene.nodes)
        let audits = try await restore(scene)
        try await scene.audit(audits)
        for node in scene.nodes { #expect(try await scene.tally(node) == [2, 0, 0, 0]) }
        #expect(try await scene.pieces(segment).count == 8)
    }
}
