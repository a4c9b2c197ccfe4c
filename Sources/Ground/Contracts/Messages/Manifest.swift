package import Ethereum

/// What a satellite stands for, signed: who it is, in what and on which ledger it pays and is paid, at what prices.
///
/// - Source: economy design §3, §4; every satellite accepts STORJ.
package struct Manifest: Hashable, Sendable {
    /// The satellite's certificates, as messages carry them: whoever holds the manifest needs nothing else to check it.
    package var satelliteChain: [UInt8]
    /// Host and port.
    package var address: String
    /// Grows from manifest to manifest.
    package var sequence: UInt64
    /// Seconds since 1970.
    package var issuedAt: UInt64
    package var validUntil: UInt64
    /// Where it pays from.
    package var payer: Address
    /// Whose signature makes its vouchers and statements.
    package var signer: Address
    /// What it takes as payment.
    package var tokens: [Token]
    /// Where its channels, pools and agreements are; nil for one that settles nothing.
    package var settlement: Settlement?
    /// What customers pay, in micro-dollars.
    package var customerPrices: CustomerPrices
    /// What farmers without a price sheet are paid, in micro-dollars.
    package var nodePrices: NodePrices
    /// The satellite's share of what customers pay, in thousandths of a percent.
    package var fee: UInt32
    /// Seconds between a sheet that asks more and the moment from which it counts.
    package var noticeSeconds: UInt64
    /// Seconds of a heartbeat period.
    package var periodSeconds: UInt64
    /// What a second of storage counts for: 1, and more where a network plays with time.
    package var timeScale: UInt64

    /// A manifest of its parts.
    package init(
        satelliteChain: [UInt8], address: String, sequence: UInt64, issuedAt: UInt64, validUntil: UInt64,
        payer: Address, signer: Address, tokens: [Token], settlement: Settlement?, customerPrices: CustomerPrices,
        nodePrices: NodePrices, fee: UInt32, noticeSeconds: UInt64, periodSeconds: UInt64, timeScale: UInt64
    ) {
        self.satelliteChain = satelliteChain
        self.address = address
        self.sequence = sequence
        self.issuedAt = issuedAt
        self.validUntil = validUntil
        self.payer = payer
        self.signer = signer
        self.tokens = tokens
        self.settlement = settlement
        self.customerPrices = customerPrices
        self.nodePrices = nodePrices
        self.fee = fee
        self.noticeSeconds = noticeSeconds
        self.periodSeconds = periodSeconds
        self.timeScale = timeScale
    }

    /// A token on a chain; on the embedded ledger chain and contract are zero.
    package struct Token: Hashable, Sendable {
        package var symbol: String
        package var chainID: UInt64
        package var contract: Address
        package var decimals: UInt32

        /// A token.
        package init(symbol: String, chainID: UInt64, contract: Address, decimals: UInt32) {
            self.symbol = symbol
            self.chainID = chainID
            self.contract = contract
            self.decimals = decimals
        }

        /// STORJ, as on a chain or on the embedded ledger.
        package static func storj(chainID: UInt64, contract: Address) -> Token {
            Token(symbol: "STORJ", chainID: chainID, contract: contract, decimals: 8)
        }
    }

    /// The ledger and its contracts.
    package struct Settlement: Hashable, Sendable {
        /// Zero for the embedded ledger.
        package var chainID: UInt64
        package var channels: Address
        package var payouts: Address
        package var agreements: Address

        /// A ledger's contracts.
        package init(chainID: UInt64, channels: Address, payouts: Address, agreements: Address) {
            self.chainID = chainID
            self.channels = channels
            self.payouts = payouts
            self.agreements = agreements
        }

        /// Where signatures count.
        package var domains: SettlementDomains {
            SettlementDomains(chainID: chainID, channels: channels, agreements: agreements, payouts: payouts)
        }
    }

    /// What customers pay, in micro-dollars.
    package struct CustomerPrices: Hashable, Sendable {
        package var storageTBMonth: UInt64
        package var egressTB: UInt64
        /// A million segments over a month.
        package var millionSegmentMonth: UInt64
        /// What a month costs at least.
        package var minimumMonth: UInt64

        /// Prices.
        package init(storageTBMonth: UInt64, egressTB: UInt64, millionSegmentMonth: UInt64, minimumMonth: UInt64) {
            self.storageTBMonth = storageTBMonth
            self.egressTB = egressTB
            self.millionSegmentMonth = millionSegmentMonth
            self.minimumMonth = minimumMonth
        }
    }

    /// Whether STORJ is taken, on a chain or on the embedded ledger: one that does not is refused.
    package var acceptsSTORJ: Bool { tokens.contains { $0.symbol == "STORJ" && $0.decimals == 8 } }

    /// Whether STORJ is taken on the ledger that the manifest settles on.
    package var settlesInSTORJ: Bool {
        guard let settlement else { return false }
        return tokens.contains { $0.symbol == "STORJ" && $0.decimals == 8 && $0.chainID == settlement.chainID }
    }
}

/// What farmers without a price sheet are paid, in micro-dollars for 10¹² bytes, of storage over 720 hours.
package struct NodePrices: Hashable, Sendable {
    package var storageTBMonth: UInt64
    package var egressTB: UInt64
    package var repairTB: UInt64
    package var auditTB: UInt64
    package var ingressTB: UInt64

    /// Prices; by default what the public network publishes since December 2023.
    package init(
        storageTBMonth: UInt64 = 1_500_000, egressTB: UInt64 = 2_000_000, repairTB: UInt64 = 2_000_000,
        auditTB: UInt64 = 2_000_000, ingressTB: UInt64 = 0
    ) {
        self.storageTBMonth = storageTBMonth
        self.egressTB = egressTB
        self.repairTB = repairTB
        self.auditTB = auditTB
        self.ingressTB = ingressTB
    }

    /// What is paid for one kind of service.
    package func price(of kind: ServiceKind) -> UInt64 {
        switch kind {
        case .storage: storageTBMonth
        case .egress: egressTB
        case .repair: repairTB
        case .audit: auditTB
        case .ingress: ingressTB
        }
    }
}
