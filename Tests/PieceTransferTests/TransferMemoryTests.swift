import PieceTransfer
import StorageModel
import TestSupport
import Testing

@Suite struct TransferMemoryTests {
    private static let slab = TransferMemory.slabSize

    @Test func `memory comes back when it is released`() async throws {
        let memory = TransferMemory(budget: 8 * Self.slab)
        let account = memory.account(limit: 4 * Self.slab)
        var slabs: [MemorySlab] = []
        for _ in 0..<4 { slabs.append(try await account.take()) }
        #expect(memory.usedBytes == 4 * Self.slab)
        slabs.removeAll()
        #expect(memory.usedBytes == 0)
        #expect(memory.mostUsedBytes == 4 * Self.slab)
    }

    @Test func `a younger account leaves what an older one may still need`() async throws {
        let memory = TransferMemory(budget: 8 * Self.slab)
        let older = memory.account(limit: 6 * Self.slab)
        let younger = memory.account(limit: 6 * Self.slab)
        var held = [try await younger.take(), try await younger.take()]
        try await withThrowingTaskGroup(of: MemorySlab.self) { group in
            group.addTask { try await younger.take() }
            // The older account gets all that it asked for although the younger waits.
            for _ in 0..<6 { held.append(try await older.take()) }
            #expect(memory.usedBytes == 8 * Self.slab)
            held.removeAll()
            older.settle()
            _ = try await group.next()
        }
        #expect(memory.mostUsedBytes == 8 * Self.slab)
    }

    @Test func `what a settled account has given back is there for others`() async throws {
        let memory = TransferMemory(budget: 8 * Self.slab)
        let older = memory.account(limit: 6 * Self.slab)
        var held: [MemorySlab] = []
        for _ in 0..<6 { held.append(try await older.take()) }
        older.settle()
        held.removeAll()
        // The older account still exists, as a segment that waits for its commit does.
        let younger = memory.account(limit: 6 * Self.slab)
        for _ in 0..<6 { held.append(try await younger.take()) }
        #expect(memory.usedBytes == 6 * Self.slab)
        withExtendedLifetime(older) {}
    }

    @Test func `memory that is too small for a segment is stretched for the oldest`() async throws {
        let memory = TransferMemory(budget: 4 * Self.slab)
        let account = memory.account(limit: 6 * Self.slab)
        var slabs: [MemorySlab] = []
        for _ in 0..<6 { slabs.append(try await account.take()) }
        #expect(memory.usedBytes == 6 * Self.slab)
    }

    @Test func `who waits can be cancelled and refused`() async throws {
        let memory = TransferMemory(budget: 4 * Self.slab)
        let first = memory.account(limit: 4 * Self.slab)
        var slabs: [MemorySlab] = []
        for _ in 0..<4 { slabs.append(try await first.take()) }
        let second = memory.account(limit: 4 * Self.slab)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await second.take() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await second.take() }
            second.refuse()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        slabs.removeAll()
        #expect(memory.usedBytes == 0)
    }

    @Test(arguments: 0..<20)
    func `accounts that all want much never wait for each other in a ring`(seed: Int) async throws {
        let memory = TransferMemory(budget: 10 * Self.slab)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var random = RandomSource.seeded(UInt64(seed))
            for _ in 0..<12 {
                let need = Int.random(in: 1...9, using: &random)
                let account = memory.account(limit: need * Self.slab)
                group.addTask {
                    var slabs: [MemorySlab] = []
                    for _ in 0..<need {
                        slabs.append(try await account.take())
                        await Task.yield()
                    }
                    account.settle()
                    await Task.yield()
                    slabs.removeAll()
                }
            }
            try await group.waitForAll()
        }
        #expect(memory.usedBytes == 0)
        #expect(memory.mostUsedBytes <= 10 * Self.slab)
    }
}
