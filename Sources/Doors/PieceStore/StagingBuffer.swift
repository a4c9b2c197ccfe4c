import Synchronization

/// Memory in which the bytes of one upload gather until they are written.
///
/// One task at a time uses a buffer; passing it to the pool and back hands it over.
final class StagingBuffer: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    private let pool: StagingPool
    /// How many bytes are in it.
    private(set) var count = 0

    fileprivate init(memory: UnsafeMutableRawBufferPointer, pool: StagingPool) {
        self.memory = memory
        self.pool = pool
    }

    deinit { pool.giveBack(memory) }

    /// The bytes in it.
    var filled: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
    /// Whether nothing more fits.
    var isFull: Bool { count == memory.count }

    /// Takes as many of the bytes as fit, and says how many.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, memory.count - count)
        if taken > 0 {
            UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + taken])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        }
        count += taken
        return taken
    }

    /// Forgets the bytes.
    func empty() { count = 0 }
}

/// Hands out staging buffers: large ones while few are in use, small ones under load, so that memory stays bounded.
final class StagingPool: Sendable {
    private let largeSize: Int
    private let state = Mutex(State())

    private struct State: Sendable {
        var idle: [Slab] = []
        var largeInUse = 0
    }

    /// Memory that belongs to nobody while it is idle.
    private struct Slab: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer
    }

    /// Bytes of a buffer under load.
    static let smallSize = 64 << 10
    private static let maximumLarge = 16
    private static let maximumIdle = 4

    init(largeSize: Int) {
        self.largeSize = max(largeSize, Self.smallSize)
    }

    deinit {
        for slab in state.withLock({ $0.idle }) { slab.memory.deallocate() }
    }

    /// A buffer; a large one unless sixteen are in use.
    func take() -> StagingBuffer {
        let (slab, size) = state.withLock { state -> (Slab?, Int) in
            guard largeSize > Self.smallSize, state.largeInUse < Self.maximumLarge else { return (nil, Self.smallSize) }
            state.largeInUse += 1
            return (state.idle.popLast(), largeSize)
        }
        let memory = slab?.memory ?? .allocate(byteCount: size, alignment: 4096)
        return StagingBuffer(memory: memory, pool: self)
    }

    fileprivate func giveBack(_ memory: UnsafeMutableRawBufferPointer) {
        let isKept = state.withLock { state in
            guard memory.count > Self.smallSize else { return false }
            state.largeInUse -= 1
            guard state.idle.count < Self.maximumIdle else { return false }
            state.idle.append(Slab(memory: memory))
            return true
        }
        if !isKept { memory.deallocate() }
    }
}
