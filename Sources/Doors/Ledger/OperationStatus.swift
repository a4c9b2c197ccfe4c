package import Contracts

/// What became of an operation.
///
/// - Source: economy design §8, transaction.
package enum OperationStatus: Sendable, Hashable {
    /// Kept durably, not yet sent.
    case queued
    /// Sent, in no block yet.
    case broadcast
    /// In a block that may still vanish.
    case included(height: UInt64)
    /// In a block that stays.
    case final(height: UInt64)
    /// In a block, or never to be in one, and without effect.
    case failed(OperationFailure)
    /// Forgotten by the network; it is sent again.
    case dropped
    /// Never submitted here.
    case unknown

    /// Whether the ledger has it.
    package var isIncluded: Bool {
        switch self {
        case .included, .final: true
        case .queued, .broadcast, .failed, .dropped, .unknown: false
        }
    }
}

/// Why an operation has no effect.
package enum OperationFailure: Error, Sendable, Hashable {
    /// The ledger's rules refuse it.
    case refused(SettlementError)
    /// Anything else, in words.
    case other(String)
}
