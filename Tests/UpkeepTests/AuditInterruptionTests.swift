import DRPC
import Database
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// Audits that are cancelled between any two steps, and what a satellite finds when it starts again.
@Suite struct AuditInterruptionTests {
    /// One segment whose holders did one of everything: 0 lost the piece, 1 is silent, 2 errs, 3 lies, 4 is not there.
    private func scene() async throws -> (AuditScene, Segment) {
        let scene = try await AuditScene(12)
        let scheme = try #require(RedundancyScheme(required: 4, repair: 6, optimal: 10, total: 12))
        let segment = try await scene.store(size: 4000, scheme: scheme)
        try scene.lose(segment, at: scene.nodes[0])
        scene.nodes[1].front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit])
        scene.nodes[2].front.misbehave(.refuses(.internal), at: [.getAudit])
        scene.nodes[3].front.misbehave(.corrupts, at: [.getAudit, .getRepair])
        scene.nodes[4].stop()
        return (scene, segment)
    }

    /// Runs `body` in a task that is cancelled at the n-th step; false when it came to its end before.
    private func cancel(_ scene: AuditScene, at number: Int, _ body: @escaping @Sendable () async throws -> Void) async
        -> Bool
    {
        let count = Mutex(0)
        let isCancelled = Mutex(false)
        let task = Mutex<Task<Void, any Error>?>(nil)
        let mayBegin = AsyncStream.makeStream(of: Void.self)
        let step: @Sendable () -> Void = {
            let reached = count.withLock { count in
                count += 1
                return count
            }
            guard reached == number else { return }
            isCancelled.withLock { $0 = true }
            task.withLock { $0 }?.cancel()
        }
        scene.step.withLock { $0 = step }
        scene.dialHook.withLock { $0 = { _ in step() } }
        let started = Task {
            for await _ in mayBegin.stream { break }
            try await body()
        }
        task.withLock { $0 = started }
        mayBegin.continuation.yield()
        _ = await started.result
        scene.step.withLock { $0 = nil }
        scene.dialHook.withLock { $0 = nil }
        return isCancelled.withLock { $0 }
    }

    /// What the books must say when all is done, however often it was begun.
    private func check(_ scene: AuditScene, _ segment: Segment, _ audits: Audits, _ comment: Comment) async throws {
        // Exactly once what counts against a node.
        #expect(try await scene.tally(scene.nodes[0]) == [0, 1, 0, 0], comment)
        #expect(try await scene.tally(scene.nodes[1]) == [1, 0, 0, 0], comment)
        #expect(try await scene.tally(scene.nodes[2]) == [1, 0, 1, 0], comment)
        #expect(try await scene.tally(scene.nodes[3]) == [0, 1, 0, 0], comment)
        #expect(try await scene.tally(scene.nodes[4]) == [0, 0, 0, 1], comment)
        for node in scene.nodes.dropFirst(5) { #expect(try await scene.tally(node) == [1, 0, 0, 0], comment) }
        #expect(try await scene.pieces(segment) == [1, 2] + Array(4..<12), comment)
        let status = try await audits.status()
        #expect(status.queueLength == 0, comment)
        #expect(status.reverificationCount == 0, comment)
        #expect(scene.place.overlay.nodes().allSatisfy { !$0.isContained }, comment)
        let removals = try await scene.place.database.read { session in
            try session.first("SELECT COUNT(*) FROM audit_removals") { $0.int(0) }
        }
        #expect(removals == 0, comment)
    }

    @Test func `an audit interrupted at any step counts once, and nothing is lost`() async throws {
        var number = 1
        while true {
            let (scene, segment) = try await scene()
            _ = try await scene.place.loop.run([scene.audits.observer])
            let wasCancelled = await cancel(scene, at: number) { try await scene.audits.runAuditsOnce() }
            let restarted = try await scene.restarted()
            while try await restarted.runAuditsOnce() {}
            while try await restarted.runReverificationsOnce() {}
            try await check(scene, segment, restarted, "interrupted at step \(number)")
            if !wasCancelled { break }
            number += 1
        }
        // The test would show nothing if there were no steps.
        #expect(number > 25)
    }

    @Test func `a reverification interrupted at any step counts once, and nothing is lost`() async throws {
        var number = 1
        while true {
            let (scene, segment) = try await scene()
            try await scene.audit()
            let wasCancelled = await cancel(scene, at: number) { try await scene.audits.runReverificationsOnce() }
            let restarted = try await scene.restarted()
            while try await restarted.runReverificationsOnce() {}
            try await check(scene, segment, restarted, "interrupted at step \(number)")
            if !wasCancelled { break }
            number += 1
        }
        #expect(number > 8)
    }

    @Test func `tasks cancelled at arbitrary moments leave the same books`() async throws {
        for delay in stride(from: 0, to: 400, by: 13) {
            let (scene, segment) = try await scene()
            _ = try await scene.place.loop.run([scene.audits.observer])
            let task = Task {
                while try await scene.audits.runAuditsOnce() {}
                while try await scene.audits.runReverificationsOnce() {}
            }
            for _ in 0..<delay { await Task.yield() }
            task.cancel()
            _ = await task.result
            let restarted = try await scene.restarted()
            while try await restarted.runAuditsOnce() {}
            while try await restarted.runReverificationsOnce() {}
            try await check(scene, segment, restarted, "cancelled after \(delay) turns")
        }
    }

    @Test func `what was to be removed when the satellite stopped is removed when it starts`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let remote = try scene.place.remote(segment)
        // As the books are between writing a failure down and removing the piece.
        try await scene.place.database.write { session in
            for piece in remote.pieces.prefix(2) {
                try session.execute(
                    """
                    INSERT INTO audit_removals (stream, position, piece_number, node_id, root_piece)
                    VALUES (?1, ?2, ?3, ?4, ?5)
                    """,
                    [
                        SQLValue(segment.stream), .integer(segment.position.encoded), SQLValue(piece.number),
                        SQLValue(piece.node), SQLValue(remote.rootPieceID),
                    ])
            }
        }
        try await scene.restarted().runAuditsOnce()
        #expect(try await scene.pieces(segment) == [2, 3, 4, 5, 6, 7])
    }

    @Test func `another segment at the same place keeps its pieces`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let remote = try scene.place.remote(segment)
        try await scene.place.database.write { session in
            try session.execute(
                """
                INSERT INTO audit_removals (stream, position, piece_number, node_id, root_piece)
                VALUES (?1, ?2, 0, ?3, ?4)
                """,
                [
                    SQLValue(segment.stream), .integer(segment.position.encoded), SQLValue(remote.pieces[0].node),
                    .blob([UInt8](repeating: 9, count: 32)),
                ])
        }
        try await scene.audits.runAuditsOnce()
        #expect(try await scene.pieces(segment).count == 8)
    }

    @Test func `containment outlives a restart`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        scene.nodes[0].front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit, .getRepair])
        try await scene.audit()
        let restarted = try await scene.restarted()
        try await scene.audit(restarted)
        #expect(scene.nodes[0].front.transfers(.getAudit) == 1)
        #expect(scene.place.overlay.record(of: scene.nodes[0].id)?.isContained == true)
    }
}
