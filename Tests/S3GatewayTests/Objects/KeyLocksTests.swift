import S3Gateway
import Synchronization
import Testing

@Suite struct KeyLocksTests {
    @Test func `one at a time holds a key, and others are not kept waiting`() async throws {
        let locks = KeyLocks()
        let holders = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let keys = number.isMultiple(of: 2) ? ["a", "b"] : ["b"]
                    try await locks.with("bucket", keys) {
                        let now = holders.add(1, ordering: .relaxed).newValue
                        most.max(now, ordering: .relaxed)
                        await Task.yield()
                        holders.subtract(1, ordering: .relaxed)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(most.load(ordering: .relaxed) == 1)
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
