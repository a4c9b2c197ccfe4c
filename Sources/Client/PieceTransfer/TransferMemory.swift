internal import Synchronization

/// The memory that all transfers of a process share, in slabs that are used again.
///
/// Whoever needs memory opens an account with the most that it may need. Accounts are served by age: a younger one never
/// takes what an older one may still need, so the oldest always finishes, and segments cannot wait for each other in a
/// ring. What is not needed goes to whoever asks.
package final class TransferMemory: Sendable {
    /// Bytes of a slab.
    package static let slabSize = 256 << 10

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<MemorySlab?, Never>
    }

    private struct Holder {
        /// Slabs it may hold at the same time.
        var limit: Int
        /// Whether it needs no more than it holds.
        var isSettled = false
        var held = 0
        var waiters: [Waiter] = []
        var isRefused = false
    }

    private struct State {
        /// By age.
        var holders: [(serial: UInt64, holder: Holder)] = []
        var idle: [MemorySlab.Storage] = []
        var nextSerial: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var heldCount = 0
        var mostHeld = 0
    }

    private let slabCount: Int
    private let state = Mutex(State())

    /// Memory of at most `budget` bytes, at least four slabs.
    package init(budget: Int = 96 << 20) {
        slabCount = max(4, budget / Self.slabSize)
    }

    /// Bytes in use now.
    package var usedBytes: Int { state.withLock { $0.heldCount } * Self.slabSize }

    /// The most bytes that were in use at the same time.
    package var mostUsedBytes: Int { state.withLock { $0.mostHeld } * Self.slabSize }

    /// An account for somebody who may need `limit` bytes at the same time.
    package func account(limit: Int) -> MemoryAccount {
        let slabs = max(1, (limit + Self.slabSize - 1) / Self.slabSize)
        let serial = state.withLock { state in
            state.nextSerial += 1
            state.holders.append((state.nextSerial, Holder(limit: slabs)))
            return state.nextSerial
        }
        return MemoryAccount(memory: self, serial: serial)
    }

    // MARK: For accounts

    fileprivate func take(_ serial: UInt64) async throws -> MemorySlab {
        if let slab = state.withLock({ takeNow(serial, &$0) }) { return slab }
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let slab = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<MemorySlab?, Never>) in
                let answer: MemorySlab?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let slab = takeNow(serial, &state) { return slab }
                    guard let index = Self.index(serial, state), !state.holders[index].holder.isRefused else {
                        return .some(nil)
                    }
                    state.holders[index].holder.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = Self.index(serial, state),
                    let position = state.holders[index].holder.waiters.firstIndex(where: { $0.id == id })
                else { return nil }
                return state.holders[index].holder.waiters.remove(at: position)
            }
            waiter?.continuation.resume(returning: nil)
        }
        guard let slab else { throw CancellationError() }
        return slab
    }

    /// A slab beyond the budget, for the few bytes that must not wait.
    fileprivate func takeAnyway(_ serial: UInt64) -> MemorySlab {
        state.withLock { state in
            if let index = Self.index(serial, state) { state.holders[index].holder.held += 1 }
            return makeSlab(serial, &state)
        }
    }

    private func takeNow(_ serial: UInt64, _ state: inout State) -> MemorySlab? {
        guard let index = Self.index(serial, state), mayTake(index, state) else { return nil }
        state.holders[index].holder.held += 1
        return makeSlab(serial, &state)
    }

    /// Whether everybody older can still get all that it may need, one after the other.
    private func mayTake(_ index: Int, _ state: State) -> Bool {
        // Memory that is too small for somebody at all is stretched when nobody else is left to wait for.
        if index == 0, state.holders[0].holder.limit > slabCount { return true }
        guard state.heldCount < slabCount else { return false }
        // Held by accounts younger than the one looked at, the new slab included.
        var younger = 1
        for position in state.holders.indices.reversed() {
            if position < index, younger + state.holders[position].holder.limit > slabCount { return false }
            younger += state.holders[position].holder.held
        }
        return true
    }

    private func makeSlab(_ serial: UInt64, _ state: inout State) -> MemorySlab {
        state.heldCount += 1
        state.mostHeld = max(state.mostHeld, state.heldCount)
        return MemorySlab(memory: self, serial: serial, storage: state.idle.popLast() ?? MemorySlab.Storage())
    }

    fileprivate func put(_ storage: MemorySlab.Storage, of serial: UInt64) {
        serve { state in
            state.heldCount -= 1
            // What was taken beyond the budget is not kept.
            if state.heldCount + state.idle.count < slabCount { state.idle.append(storage) }
            guard let index = Self.index(serial, state) else { return }
            state.holders[index].holder.held -= 1
            // What a settled account gives back it never asks for again.
            if state.holders[index].holder.isSettled { state.holders[index].holder.limit -= 1 }
        }
    }

    fileprivate func settle(_ serial: UInt64) {
        serve { state in
            guard let index = Self.index(serial, state) else { return }
            state.holders[index].holder.limit = state.holders[index].holder.held
            state.holders[index].holder.isSettled = true
        }
    }

    fileprivate func refuse(_ serial: UInt64) {
        let waiters = state.withLock { state -> [Waiter] in
            guard let index = Self.index(serial, state) else { return [] }
            state.holders[index].holder.isRefused = true
            let waiters = state.holders[index].holder.waiters
            state.holders[index].holder.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        settle(serial)
    }

    fileprivate func close(_ serial: UInt64) {
        serve { state in
            guard let index = Self.index(serial, state) else { return }
            // Slabs of a closed account still count for all.
            state.holders.remove(at: index)
        }
    }

    /// Changes the state and then serves who waits, oldest account first.
    private func serve(_ change: (inout State) -> Void) {
        let served = state.withLock { state -> [(Waiter, MemorySlab)] in
            change(&state)
            var served: [(Waiter, MemorySlab)] = []
            for index in state.holders.indices {
                while !state.holders[index].holder.waiters.isEmpty, mayTake(index, state) {
                    let waiter = state.holders[index].holder.waiters.removeFirst()
                    state.holders[index].holder.held += 1
                    served.append((waiter, makeSlab(state.holders[index].serial, &state)))
                }
            }
            return served
        }
        for (waiter, slab) in served { waiter.continuation.resume(returning: slab) }
    }

    private static func index(_ serial: UInt64, _ state: State) -> Int? {
        state.holders.firstIndex { $0.serial == serial }
    }
}

/// Somebody's right to a part of the memory. Closed when it is released, its slabs when they are.
package final class MemoryAccount: Sendable {
    private let memory: TransferMemory
    private let serial: UInt64

    fileprivate init(memory: TransferMemory, serial: UInt64) {
        self.memory = memory
        self.serial = serial
    }

    deinit { memory.close(serial) }

    /// A slab, once there is one.
    ///
    /// - Throws: `CancellationError`.
    package func take() async throws -> MemorySlab { try await memory.take(serial) }

    /// A slab at once, even beyond the budget: for the few bytes at the end that must not wait.
    package func takeAnyway() -> MemorySlab { memory.takeAnyway(serial) }

    /// Lets nobody wait for more: who does gets a `CancellationError`.
    package func refuse() { memory.refuse(serial) }

    /// Says that no more will be taken than is held now.
    package func settle() { memory.settle(serial) }
}

/// `TransferMemory.slabSize` bytes, given back when released.
package final class MemorySlab: Sendable {
    /// The bytes. Sendable, although it is a pointer: it is handed from owner to owner under a lock and has one at a time.
    final class Storage: @unchecked Sendable {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: TransferMemory.slabSize, alignment: 64)

        deinit { bytes.deallocate() }
    }

    private let memory: TransferMemory
    private let serial: UInt64
    private let storage: Storage

    fileprivate init(memory: TransferMemory, serial: UInt64, storage: Storage) {
        self.memory = memory
        self.serial = serial
        self.storage = storage
    }

    deinit { memory.put(storage, of: serial) }

    /// The bytes; who shares a slab agrees on who writes where.
    package var bytes: UnsafeMutableRawBufferPointer { storage.bytes }
}
