import Orders
import Synchronization
import WireMessages

/// The credit of a download, raised by the task that receives orders and awaited by the task that sends.
final class CreditMeter: Sendable {
    fileprivate struct State {
        var credit: OrderCredit
        var hasEnded = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    /// A meter over a fresh credit.
    init(_ credit: OrderCredit) { state = Mutex(State(credit: credit)) }

    /// The largest order so far.
    var largest: Order? { state.withLock { $0.credit.largest } }

    /// Takes an order and wakes the sender.
    ///
    /// - Throws: what `OrderCredit.accept` throws.
    func accept(_ order: Order) throws {
        try state.withLock { state -> CheckedContinuation<Void, Never>? in
            try state.credit.accept(order)
            return state.takeWaiter()
        }?.resume()
    }

    /// No more orders will come; wakes the sender.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            return state.takeWaiter()
        }?.resume()
    }

    /// The credit, as soon as it is above `sent`; nil when no more can come.
    func amount(above sent: Int64) async -> Int64? {
        while true {
            let (amount, hasEnded) = state.withLock { ($0.credit.amount, $0.hasEnded) }
            // The end counts first: a client that has gone is not sent what it once paid for.
            if hasEnded { return nil }
            if amount > sent { return amount }
            await withCheckedContinuation { continuation in
                let isOutdated = state.withLock { state in
                    if state.hasEnded || state.credit.amount > sent { return true }
                    state.waiter = continuation
                    return false
                }
                if isOutdated { continuation.resume() }
            }
        }
    }
}

extension CreditMeter.State {
    fileprivate mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        return waiter
    }
}
