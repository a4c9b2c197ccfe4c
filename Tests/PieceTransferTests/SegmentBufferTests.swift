import PieceTransfer
import StorageModel
import Testing

@Suite struct SegmentBufferTests {
    private let memory = TransferMemory()

    private func segment(capacity: Int64) throws -> SegmentBuffer {
        try SegmentBuffer(scheme: .development, blockSize: 7424, capacity: capacity, memory: memory)
    }

    @Test func `what is written counts, padding does not`() async throws {
        let segment = try segment(capacity: 300_000)
        for _ in 0..<3 { try await segment.write(count: 100_000) { $0.initializeMemory(as: UInt8.self, repeating: 0) } }
        #expect(segment.encryptedSize == 300_000)
        segment.finish()
        #expect(segment.encryptedSize == 300_000)
        #expect(segment.sentSize == 0)
    }

    @Test func `a write that fails appends nothing`() async throws {
        struct Torn: Error {}
        let segment = try segment(capacity: 300_000)
        await #expect(throws: Torn.self) { try await segment.write(count: 1000) { _ in throw Torn() } }
        #expect(segment.encryptedSize == 0)
    }

    @Test func `a segment does not grow beyond its capacity`() async throws {
        let segment = try segment(capacity: 1000)
        try await segment.write(count: 1000) { $0.initializeMemory(as: UInt8.self, repeating: 0) }
        await #expect(throws: TransferError.segmentTooLarge) { try await segment.write(count: 1) { _ in } }
    }

    @Test func `a segment that has failed takes nothing more`() async throws {
        struct Gone: Error {}
        let segment = try segment(capacity: 1000)
        segment.fail(Gone())
        await #expect(throws: Gone.self) { try await segment.write(count: 1) { _ in } }
    }

    @Test func `a writer that waits for memory learns that its segment has failed`() async throws {
        struct Gone: Error {}
        let memory = TransferMemory(budget: 4 * TransferMemory.slabSize)
        let first = memory.account(limit: 4 * TransferMemory.slabSize)
        var slabs: [MemorySlab] = []
        for _ in 0..<4 { slabs.append(try await first.take()) }
        let segment = try SegmentBuffer(scheme: .development, blockSize: 7424, capacity: 1000, memory: memory)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await segment.write(count: 1000) { _ in } }
            segment.fail(Gone())
            await #expect(throws: Gone.self) { try await group.next() }
        }
        slabs.removeAll()
    }

    @Test func `stripes that no slab holds are refused`() throws {
        let scheme = try #require(
            RedundancyScheme(required: 29, repair: 35, optimal: 80, total: 110, shareSize: 1 << 20))
        #expect(throws: TransferError.self) {
            try SegmentBuffer(scheme: scheme, blockSize: 7424, capacity: 1, memory: memory)
        }
    }
}
