/// Runs `body` for each item, at most `limit` side by side; waits for all.
///
/// The first error thrown cancels the rest and is thrown; a body that wants to go on catches its own.
package func forEachConcurrently<Items: AsyncSequence>(
    _ items: Items, limit: Int, _ body: @escaping @Sendable (Items.Element) async throws -> Void
) async throws where Items.Element: Sendable {
    precondition(limit > 0, "at least one at a time")
    try await withThrowingTaskGroup(of: Void.self) { group in
        var running = 0
        for try await item in items {
            if running == limit {
                try await group.next()
                running -= 1
            }
            group.addTask { try await body(item) }
            running += 1
        }
        try await group.waitForAll()
    }
}

/// Runs `body` for each item, at most `limit` side by side; waits for all.
///
/// The first error thrown cancels the rest and is thrown; a body that wants to go on catches its own.
package func forEachConcurrently<Item: Sendable>(
    _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async throws -> Void
) async throws {
    precondition(limit > 0, "at least one at a time")
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, item) in items.enumerated() {
            if index >= limit { try await group.next() }
            group.addTask { try await body(item) }
        }
        try await group.waitForAll()
    }
}
