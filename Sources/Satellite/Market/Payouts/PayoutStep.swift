/// What a payout run has just done; tests stop here, as a crash would.
package enum PayoutStep: Sendable, Hashable, CaseIterable {
    /// The run and its batches are in the books.
    case planned
    /// A batch was given to the ledger.
    case submitted
    /// A batch is on the ledger for good, and in the books so.
    case settled
    /// Receipts are in the books.
    case receiptsStored
}
