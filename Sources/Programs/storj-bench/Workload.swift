import DRPC
import Foundation

/// Ways to do work that waits for disks and peers.
enum Workload {
    /// Calls `body` with every index in `0..<count`, `width` calls at a time.
    static func concurrently(
        _ count: Int, width: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<min(width, count) {
                group.addTask {
                    for index in stride(from: lane, to: count, by: width) { try await body(index) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Runs `body` while a server serves.
    static func whileRunning<Result>(_ server: RPCServer, _ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let result = try await body()
            group.cancelAll()
            // The server was told to stop: how it says so does not matter.
            _ = await group.nextResult()
            return result
        }
    }

    /// Runs `body` in a folder of its own on the disk of temporary files, which is gone afterwards.
    static func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "storj-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            // A folder that cannot be removed is left to the system's own clean-up; the figure stands.
            try? FileManager.default.removeItem(at: folder)
        }
        return try await body(folder)
    }
}
