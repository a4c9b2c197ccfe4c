extension Sleeper {
    /// Does something that may take only so long.
    ///
    /// - Throws: what `body` throws, `TimeLimitError` when it took longer, `CancellationError`.
    package func limit<Result: Sendable>(
        to duration: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.sleep(duration)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw TimeLimitError(limit: duration) }
            return result
        }
    }
}

/// Something took longer than it may.
package struct TimeLimitError: Error, Hashable, CustomStringConvertible {
    /// How long it was waited for.
    package let limit: Duration

    package var description: String { "no answer within \(limit)" }
}
