package import Contracts
import Ethereum
import Ledger
import Logging
package import StorageModel

/// What winding up has brought.
package struct SettleReport: Sendable, Hashable {
    /// Agreements with periods that were refunded now.
    package var reclaimed: [Bytes32] = []
    /// Agreements that are over now.
    package var finished: [Bytes32] = []
    /// Base units that came back to the wallet with all of it.
    package var refund = TokenAmount.zero
}

extension Customer {
    /// Takes back the pay of periods that nobody proved in time, with what the farmer loses for it, and ends agreements
    /// all of whose periods are decided.
    package func settle() async throws -> SettleReport {
        var report = SettleReport()
        for agreement in try await book.agreements() where agreement.state == .open || agreement.state == .signed {
            try await settle(agreement, &report)
        }
        return report
    }

    private func settle(_ known: AgreementRecord, _ report: inout SettleReport) async throws {
        var agreement = known
        guard var state = try await parts.ledger.agreement(agreement.id) else { return }
        agreement.state = .open
        let terms = agreement.terms
        let now = try await ledgerTime()
        let missed = (0..<terms.periodCount).filter {
            !state.isDecided($0) && now > terms.proofDeadline(of: $0) + terms.grace
        }
        if !missed.isEmpty, !state.isFinished {
            // What was promised is paid first, though the farmer may have been too slow to ask for it.
            if missed.contains(where: agreement.receipt.contains) {
                let receipt = Receipt(agreement: agreement.id, periods: agreement.receipt)
                try await perform(
                    .agreement(.settle(terms, receipt, parts.signer.sign(receipt.digest(in: domains.agreements)))))
            }
            if missed.contains(where: { !agreement.receipt.contains($0) }) {
                let before = try await parts.ledger.balance(of: wallet)
                try await perform(.agreement(.reclaim(terms)))
                let after = try await parts.ledger.balance(of: wallet)
                report.refund = report.refund.adding(after.subtracting(before) ?? .zero) ?? report.refund
                report.reclaimed.append(agreement.id)
            }
            state = try await parts.ledger.agreement(agreement.id) ?? state
        }
        if !state.isFinished, (0..<terms.periodCount).allSatisfy(state.isDecided) {
            try await perform(.agreement(.finish(terms)))
            state.isFinished = true
        }
        if state.isFinished {
            agreement.state = .finished
            report.finished.append(agreement.id)
        }
        if agreement != known { try await book.save(agreement) }
    }

    /// Closes a farmer's channel: pays what its traffic has cost, begins, and when the farmer has had its time, ends.
    ///
    /// - Returns: when it can be ended, seconds since 1970; nil when it is over.
    package func close(_ node: NodeID) async throws -> UInt64? {
        guard var farmer = try await book.farmer(node), farmer.state != .closed else { throw DirectError.notHired(node) }
        if farmer.state == .hired {
            do { try await payTraffic([node]) } catch {
                // The farmer may have gone; its newest voucher is good until the end of the closing.
                parts.logger.warning("traffic is not paid", metadata: ["node": "\(node)", "error": "\(error)"])
            }
            farmer = try await book.farmer(node) ?? farmer
        }
        guard var state = try await parts.ledger.channel(farmer.channel.id) else {
            farmer.state = .closed
            try await book.save(farmer)
            return nil
        }
        farmer.state = .closing
        try await book.save(farmer)
        if !state.isClosed, state.closesAt == nil {
            try await perform(.channel(.startClose(farmer.channel)))
            state = try await parts.ledger.channel(farmer.channel.id) ?? state
        }
        if !state.isClosed {
            let now = try await ledgerTime()
            guard let end = state.closesAt, now >= end else { return state.closesAt }
            try await perform(.channel(.finishClose(farmer.channel)))
        }
        farmer.state = .closed
        try await book.save(farmer)
        return nil
    }
}
