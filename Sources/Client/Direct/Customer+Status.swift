package import Contracts
import Ledger
import StorageModel

/// Everything about a customer's dealings.
package struct DirectStatus: Sendable {
    /// A farmer with its channel.
    package struct Farmer: Sendable {
        package var record: FarmerRecord
        /// As the ledger has it; nil when it is not there.
        package var channel: ChannelState?
    }

    /// An agreement with what happened to it.
    package struct Agreement: Sendable {
        package var record: AgreementRecord
        /// As the ledger has it; nil when it is not there.
        package var state: AgreementState?
        /// What heartbeats found.
        package var periods: [PeriodRecord]
        /// Bytes of the pieces.
        package var byteCount: Int64
    }

    /// Seconds since 1970, by the ledger.
    package var time: UInt64
    /// Free money of the wallet.
    package var balance: TokenAmount
    package var farmers: [Farmer]
    package var deals: [DealRecord]
    package var objects: [ObjectRecord]
    package var agreements: [Agreement]
}

extension Customer {
    /// How everything stands, by the books and by the ledger.
    package func status() async throws -> DirectStatus {
        var status = DirectStatus(
            time: try await ledgerTime(), balance: try await parts.ledger.balance(of: wallet), farmers: [],
            deals: try await book.deals(), objects: try await book.objects(), agreements: [])
        for farmer in try await book.farmers() {
            status.farmers.append(.init(record: farmer, channel: try await parts.ledger.channel(farmer.channel.id)))
        }
        for agreement in try await book.agreements() {
            let pieces = try await book.pieces(deal: agreement.deal, node: agreement.node)
            status.agreements.append(
                .init(
                    record: agreement, state: try await parts.ledger.agreement(agreement.id),
                    periods: try await book.periods(of: agreement), byteCount: pieces.reduce(0) { $0 + $1.size }))
        }
        return status
    }
}
