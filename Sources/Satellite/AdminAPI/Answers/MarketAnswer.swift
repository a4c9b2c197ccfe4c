package import Foundation

/// How paying farmers stands. Amounts are base units of STORJ, a hundred-millionth each, and millionths of a dollar.
package struct MarketAnswer: Codable, Hashable, Sendable {
    /// `embedded` or `ethereum`.
    package let ledger: String
    package let chainID: UInt64
    /// Who locks and pays.
    package let wallet: String
    /// Who signs vouchers.
    package let signer: String
    /// Free money of the wallet; absent when the ledger cannot be asked.
    package let balanceUnits: UInt64?
    package let poolUnits: UInt64?
    package let owedByRootsUnits: UInt64
    /// Why the ledger cannot be asked.
    package let ledgerError: String?
    /// Millionths of a dollar for one STORJ; absent when nobody knows.
    package let quoteMicroUSD: UInt64?
    package let quoteTime: Date?
    /// By what farmers said: `waiting`, `accepted`, `refused`, `published`.
    package let statements: [String: Int]
    /// By state.
    package let channels: [String: Int]
    /// The newest statements that were refused or could not be delivered.
    package let troubles: [StatementAnswer]
}

/// A statement in the satellite's books.
package struct StatementAnswer: Codable, Hashable, Sendable {
    /// What was done and earned of one kind.
    package struct Line: Codable, Hashable, Sendable {
        package let kind: String
        package let bytes: UInt64
        package let seconds: UInt64
        package let price: UInt64
        package let units: UInt64
    }

    package let period: UInt64
    package let node: String
    package let wallet: String
    package let from: Date
    package let until: Date
    /// Of the heartbeat; absent without one.
    package let verdict: String?
    package let lines: [Line]
    package let heldUnits: UInt64
    package let disposedUnits: UInt64
    package let amountUnits: UInt64
    package let cumulativeUnits: UInt64
    /// The channel; absent for pay by roots.
    package let channel: String?
    package let hasVoucher: Bool
    package let state: String
    package let attempts: Int
    package let refusal: String?
}

/// Statements, newest first.
package struct StatementsAnswer: Codable, Hashable, Sendable {
    package let statements: [StatementAnswer]
}

/// A farmer as the market knows it.
package struct FarmerAnswer: Codable, Hashable, Sendable {
    /// What a price sheet asks.
    package struct Sheet: Codable, Hashable, Sendable {
        /// `usd` or `storj`.
        package let denomination: String
        package let storageTBMonth: UInt64
        package let egressTB: UInt64
        package let repairTB: UInt64
        package let auditTB: UInt64
        package let sequence: UInt64
        package let countsFrom: Date
    }

    package let node: String
    package let wallet: String
    /// `channel` or `root`.
    package let paidBy: String
    /// The sheet in force; absent for the satellite's default prices.
    package let sheet: Sheet?
    /// The sheet that will count later.
    package let coming: Sheet?
    /// What the choice of nodes goes by, in millionths of a dollar a TB-month.
    package let price: UInt64?
    /// Proven heartbeats of the last ones, in `0...1`.
    package let standing: Double
    package let lastPeriod: UInt64
    package let heldUnits: UInt64
}

/// All farmers.
package struct FarmersAnswer: Codable, Hashable, Sendable {
    package let farmers: [FarmerAnswer]
}

/// A channel in the satellite's books.
package struct ChannelAnswer: Codable, Hashable, Sendable {
    package let id: String
    package let node: String
    package let state: String
    package let fundedUnits: UInt64
    package let promisedUnits: UInt64
    package let claimedUnits: UInt64
    package let closesAt: Date?
    package let lastError: String?
}

/// All channels.
package struct ChannelsAnswer: Codable, Hashable, Sendable {
    package let channels: [ChannelAnswer]
}

/// What an account has on the ledger.
package struct BalanceAnswer: Codable, Hashable, Sendable {
    package let address: String
    package let units: UInt64
}
