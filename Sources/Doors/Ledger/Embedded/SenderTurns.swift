import Ethereum
import StorageModel
import Synchronization

/// Lets the operations of one sender through one at a time, in order of arrival; those of others do not wait.
final class SenderTurns: Sendable {
    /// Who waits, by the sender whose turn is taken.
    private let waiting = Mutex<[Address: [CheckedContinuation<Void, Never>]]>([:])

    /// Runs `body` while no other of the sender's runs.
    func alone<Result>(as sender: Address, _ body: () async throws -> Result) async throws -> Result {
        await enter(sender)
        defer { leave(sender) }
        return try await body()
    }

    private func enter(_ sender: Address) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting[sender] != nil else {
                    waiting[sender] = []
                    return true
                }
                waiting[sender]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ sender: Address) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard waiting[sender]?.isEmpty == false else {
                waiting[sender] = nil
                return nil
            }
            return waiting[sender]?.removeFirst()
        }
        next?.resume()
    }
}

/// Who submitted an operation here, for names that several senders use; the oldest are forgotten.
final class RecentSenders: Sendable {
    private static let limit = 1 << 16

    private let state = Mutex((senders: [OperationID: Address](), order: [OperationID](), next: 0))

    func remember(_ sender: Address, of id: OperationID) {
        state.withLock { state in
            guard state.senders.updateValue(sender, forKey: id) == nil else { return }
            if state.order.count < Self.limit {
                state.order.append(id)
            } else {
                state.senders[state.order[state.next]] = nil
                state.order[state.next] = id
                state.next = (state.next + 1) % Self.limit
            }
        }
    }

    func sender(of id: OperationID) -> Address? { state.withLock { $0.senders[id] } }
}
