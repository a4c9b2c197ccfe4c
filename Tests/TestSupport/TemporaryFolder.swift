package import Foundation

/// Runs a test in a folder of its own, which is gone afterwards.
package func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "storj-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        // A folder that cannot be removed is left to the system's own clean-up; the test's result stands.
        try? FileManager.default.removeItem(at: folder)
    }
    return try await body(folder)
}
