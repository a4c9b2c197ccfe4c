import Chores

extension Sleeper {
    /// Does something that may take only so long.
    ///
    /// - Throws: what `body` throws, `MarketError.timedOut`, `CancellationError`.
    func answer<Result: Sendable>(
        within duration: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.sleep(duration)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw MarketError.timedOut }
            return result
        }
    }
}
