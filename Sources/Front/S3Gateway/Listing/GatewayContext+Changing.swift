extension GatewayContext {
    /// Checks and changes what is stored under a key while no other request does; listings see the change afterwards.
    ///
    /// - Throws: what `body` throws; `CancellationError` while it waits.
    package func changing<Result>(
        _ bucket: String, _ key: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try await changing(bucket, [key], body)
    }

    /// The same for several keys.
    package func changing<Result>(
        _ bucket: String, _ keys: [String], _ body: () async throws -> Result
    ) async throws -> Result {
        // A call that failed on its way back may have changed something all the same.
        defer { for key in keys { index.changed(bucket: bucket, key: key) } }
        return try await keyLocks.with(bucket, keys, body)
    }
}
