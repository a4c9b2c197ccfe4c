import Contracts
package import Foundation
package import Market
import StorageModel

/// The last payout runs.
package struct PayoutRunsAnswer: Codable, Hashable, Sendable {
    package let runs: [PayoutRunAnswer]
}

/// A payout run; amounts are STORJ as decimal text.
package struct PayoutRunAnswer: Codable, Hashable, Sendable {
    /// One operation.
    package struct Operation: Codable, Hashable, Sendable {
        package let farmers: Int
        package let amount: String
        /// planned, settled or empty.
        package let state: String
        package let transaction: String?
        package let problem: String?
    }

    package let number: Int64
    package let startedAt: Date
    package let finishedAt: Date?
    /// Farmers whose pay waits because its fee would be too large a part of it.
    package let carriedFarmers: Int
    package let carried: String
    package let operations: [Operation]

    package init(_ run: PayoutRun) {
        number = run.number
        startedAt = run.startedAt.date
        finishedAt = run.finishedAt?.date
        carriedFarmers = run.carriedCount
        carried = "\(run.carried)"
        operations = run.batches.map { batch in
            Operation(
                farmers: batch.items.count,
                amount: "\(batch.items.reduce(TokenAmount.zero) { $0.adding($1.due) ?? $0 })", state: "\(batch.state)",
                transaction: batch.transaction.map { "0x" + Hexadecimal.encode($0.bytes) }, problem: batch.lastError)
        }
    }
}

/// What arrived at farmers.
package struct ReceiptsAnswer: Codable, Hashable, Sendable {
    package let receipts: [ReceiptAnswer]
}

/// One receipt; amounts are STORJ as decimal text.
package struct ReceiptAnswer: Codable, Hashable, Sendable {
    package let farmer: String
    package let amount: String
    /// Hexadecimal; nil for a payout root.
    package let channel: String?
    package let transaction: String
    package let height: UInt64
    package let time: Date
    /// Whether the block stays.
    package let isFinal: Bool

    package init(_ record: ReceiptRecord) {
        farmer = "\(record.farmer)"
        amount = "\(record.receipt.amount)"
        channel = record.channel.map { Hexadecimal.encode($0.bytes) }
        transaction = "0x" + Hexadecimal.encode(record.receipt.transaction.bytes)
        height = record.receipt.height
        time = Date(timeIntervalSince1970: Double(record.receipt.time))
        isFinal = record.isFinal
    }
}
