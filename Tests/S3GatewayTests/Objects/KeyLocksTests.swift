import S3Gateway
import Synchronization
import Testing

/// How many hold the key at the same time.
private final class Count: Sendable {
    private let holders = Atomic<Int>(0)
    let most = Atomic<Int>(0)

    func hold() async {
        most.max(holders.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
        await Task.yield()
        holders.subtract(1, ordering: .relaxed)
    }
}

@Suite struct KeyLocksTests {
    @Test func `one at a time holds a key, and others are not kept waiting`() async throws {
        let locks = KeyLocks()
        let count = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let keys = number.isMultiple(of: 2) ? ["a", "b"] : ["b"]
                    try await locks.with("bucket", keys) { await count.hold() }
                }
            }
            try await group.waitForAll()
        }
        #expect(count.most.load(ordering: .relaxed) == 1)
        try await locks.with("bucket", "a") {
            try await locks.with("bucket", "c") {}
            try await locks.with("other", "a") {}
        }
    }

    @Test func `who stops waiting leaves the row`() async throws {
        let locks = KeyLocks()
        try await locks.with("bucket", "a") {
            let waiter = Task { try await locks.with("bucket", "a") {} }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
        }
        try await locks.with("bucket", "a") {}
    }
}
