package import Contracts
import Ledger
package import StorageModel

extension Farmer {
    /// Looks at a channel on the ledger and notes what is there.
    ///
    /// - Returns: what the node knows of it now; nil for one it was never shown.
    /// - Throws: `LedgerError` when the ledger cannot be asked, `DatabaseError`.
    @discardableResult
    package func look(at id: Bytes32) async throws -> KnownChannel? {
        if let state = try await backend.channel(id) {
            try await book.note(state, of: id, at: parts.clock.now())
        }
        return try await book.channel(id)
    }

    /// Checks a voucher and keeps it: it is on the disk when this returns.
    ///
    /// A channel that was seen once is believed while the ledger cannot be asked: vouchers need no ledger.
    /// - Parameters:
    ///   - payer: whose channel it is; nil for one the node knows.
    ///   - statement: what it must be about; nil for one that comes alone.
    /// - Returns: the channel with the voucher that counts.
    /// - Throws: `VoucherRefusal`, `LedgerError` for a channel the ledger was never asked about, `DatabaseError`.
    package func accept(
        _ voucher: SignedVoucher, channel: Channel, payer: NodeID?, statement: Statement? = nil
    ) async throws -> KnownChannel {
        if let payer { try await book.add(channel, payer: payer) }
        let known = try await known(channel.id)
        try VoucherCheck.check(voucher, channel: known, statement: statement, domains: domains)
        guard try await book.keep(voucher, at: parts.clock.now()), let kept = try await book.channel(channel.id) else {
            throw VoucherRefusal.lower(known: try await book.channel(channel.id)?.vouchered ?? .zero)
        }
        return kept
    }

    /// The newest voucher of a channel as its payer wants it back: with the statement it names, where the node has that.
    func heldVoucher(of id: Bytes32) async throws -> [UInt8]? {
        guard let known = try await book.channel(id), let voucher = known.voucher else { return nil }
        guard let kept = try await book.statement(of: known.payer, period: voucher.voucher.period),
            kept.statement.digest == voucher.voucher.statement
        else { return voucher.encoded }
        return HeldVoucher(voucher: voucher, statement: kept.signed).encoded
    }

    /// A channel that was seen on the ledger at least once.
    ///
    /// - Throws: `VoucherRefusal`, `LedgerError`, `DatabaseError`.
    func known(_ id: Bytes32) async throws -> KnownChannel {
        guard var known = try await book.channel(id) else { throw VoucherRefusal.channel(.notOpen) }
        if known.seenAt == nil, let seen = try await look(at: id) { known = seen }
        return known
    }
}
