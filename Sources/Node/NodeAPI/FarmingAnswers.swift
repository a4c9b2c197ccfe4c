import Contracts
import Ethereum
package import Foundation
import Ledger
import StorageModel
package import StorageNode

/// What a farmer earns. Amounts are base units of STORJ, a hundred-millionth each.
package struct EarningsAnswer: Codable, Hashable, Sendable {
    /// One satellite's.
    package struct Line: Codable, Hashable, Sendable {
        package let satellite: String
        /// none, channel or root.
        package let payment: String
        /// active, paused, draining or refused.
        package let standing: String
        /// Why it is not active.
        package let reason: String?
        /// Why the last registration did not succeed.
        package let problem: String?
        package let statements: Int
        package let lastPeriod: UInt64?
        package let lastStatement: Date?
        /// What statements pay in all.
        package let owedUnits: UInt64
        /// What of it vouchers or roots promise.
        package let voucheredUnits: UInt64
        /// What was paid out; null while the ledger cannot be asked.
        package let claimedUnits: UInt64?
        /// What is held back.
        package let heldUnits: UInt64
        /// Periods without pay that should have come.
        package let overduePeriods: Int
    }

    /// A statement that was refused and not settled since.
    package struct Refusal: Codable, Hashable, Sendable {
        package let satellite: String
        package let period: UInt64
        package let reason: String
        package let refusedAt: Date
    }

    package let satellites: [Line]
    package let periods: [PeriodAnswer]
    package let refusals: [Refusal]

    /// The answer for these.
    package init(_ earnings: Earnings, _ statements: [KeptStatement]) {
        satellites = earnings.lines.map { line in
            Line(
                satellite: "\(line.payer.satellite)", payment: line.payer.payment.name, standing: line.standing.name,
                reason: line.standing.reason, problem: line.payer.problem, statements: line.statements,
                lastPeriod: line.lastPeriod, lastStatement: line.lastAt?.date, owedUnits: line.owed.units,
                voucheredUnits: line.vouchered.units, claimedUnits: line.claimed?.units, heldUnits: line.held.units,
                overduePeriods: line.overdue)
        }
        periods = statements.map(PeriodAnswer.init)
        refusals = earnings.refusals.map {
            Refusal(satellite: "\($0.satellite)", period: $0.period, reason: $0.reason, refusedAt: $0.refusedAt.date)
        }
    }
}

/// What one period earned.
package struct PeriodAnswer: Codable, Hashable, Sendable {
    /// One kind of service.
    package struct Line: Codable, Hashable, Sendable {
        /// storage, egress, repair, audit or ingress.
        package let kind: String
        package let bytes: UInt64
        package let seconds: UInt64
        /// For 10¹² bytes, in micro-dollars or base units.
        package let price: UInt64
        package let amountUnits: UInt64
    }

    package let satellite: String
    package let period: UInt32
    package let from: Date
    package let until: Date
    /// passed, failed, unreachable, void or none.
    package let heartbeat: String
    package let lines: [Line]
    package let heldUnits: UInt64
    package let amountUnits: UInt64
    package let cumulativeUnits: UInt64
    /// Micro-dollars of one STORJ; null for prices in STORJ.
    package let quote: UInt64?
    /// The hash that the voucher names.
    package let digest: String
    package let receivedAt: Date

    init(_ kept: KeptStatement) {
        let statement = kept.statement
        satellite = "\(statement.payerNode)"
        period = statement.period
        from = Date(timeIntervalSince1970: TimeInterval(statement.from))
        until = Date(timeIntervalSince1970: TimeInterval(statement.until))
        heartbeat =
            switch statement.heartbeat?.outcome {
            case .passed: "passed"
            case .failed: "failed"
            case .unreachable: "unreachable"
            case .void: "void"
            case nil: "none"
            }
        lines = statement.lines.map {
            Line(kind: $0.kind.name, bytes: $0.bytes, seconds: $0.seconds, price: $0.price, amountUnits: $0.amount.units)
        }
        heldUnits = statement.held.units
        amountUnits = statement.amount.units
        cumulativeUnits = statement.cumulative.units
        quote = statement.quote?.microUSD
        digest = Hexadecimal.encode(statement.digest.bytes)
        receivedAt = kept.receivedAt.date
    }
}

/// What is asked: now, and from when on something else.
package struct PricesAnswer: Codable, Hashable, Sendable {
    /// A signed sheet. Prices are micro-dollars or base units for 10¹² bytes, of storage over 720 hours.
    package struct Sheet: Codable, Hashable, Sendable {
        package let sequence: UInt64
        /// usd or storj.
        package let denomination: String
        package let storage: UInt64
        package let egress: UInt64
        package let repair: UInt64
        package let audit: UInt64
        package let validFrom: Date
        package let validUntil: Date
        /// Sheet and signature, hexadecimal: anyone can check it.
        package let signed: String

        init(_ signed: SignedPriceSheet) {
            let sheet = signed.sheet
            sequence = sheet.sequence
            denomination = sheet.denomination == .microUSD ? "usd" : "storj"
            storage = sheet.storageTBMonth
            egress = sheet.egressTB
            repair = sheet.repairTB
            audit = sheet.auditTB
            validFrom = Date(timeIntervalSince1970: TimeInterval(sheet.validFrom))
            validUntil = Date(timeIntervalSince1970: TimeInterval(sheet.validUntil))
            self.signed = Hexadecimal.encode(signed.encoded)
        }
    }

    /// What holds now.
    package let current: Sheet?
    /// The newest sheet, when it does not hold yet.
    package let coming: Sheet?
    /// True when the sheet just made rises a price, and holds after the notice only.
    package let rises: Bool

    /// The answer for these.
    package init(_ farmer: Farmer, change: PriceChange? = nil) {
        let current = farmer.sheet(at: farmer.seconds)
        self.current = current.map(Sheet.init)
        coming = farmer.sheet.flatMap { $0 == current || $0.sheet.validFrom <= farmer.seconds ? nil : Sheet($0) }
        rises = change?.risesAt != nil
    }
}

/// The channels that pay the farmer, with their newest vouchers.
package struct VouchersAnswer: Codable, Hashable, Sendable {
    /// One channel.
    package struct Channel: Codable, Hashable, Sendable {
        package let payer: String
        package let channel: String
        package let fundedUnits: UInt64
        package let voucheredUnits: UInt64
        package let claimedUnits: UInt64
        package let claimableUnits: UInt64
        /// The period of the newest voucher.
        package let period: UInt32?
        package let closesAt: Date?
        package let isClosed: Bool
        /// When it was last seen on the ledger.
        package let seenAt: Date?
        /// Channel and voucher, hexadecimal: whoever has both can claim for the farmer.
        package let encodedChannel: String
        package let encodedVoucher: String?

        /// The answer for these.
        package init(_ known: KnownChannel) {
            payer = "\(known.payer)"
            channel = "0x" + Hexadecimal.encode(known.channel.id.bytes)
            fundedUnits = known.state.funded.units
            voucheredUnits = known.vouchered.units
            claimedUnits = known.state.claimed.units
            claimableUnits = known.claimable.units
            period = known.voucher?.voucher.period
            closesAt = known.state.closesAt.map { Date(timeIntervalSince1970: TimeInterval($0)) }
            isClosed = known.state.isClosed
            seenAt = known.seenAt?.date
            encodedChannel = Hexadecimal.encode(known.channel.encoded)
            encodedVoucher = known.voucher.map { Hexadecimal.encode($0.encoded) }
        }
    }

    package let channels: [Channel]

    /// The answer for these.
    package init(channels: [Channel]) { self.channels = channels }
}

/// What was asked of the ledger.
package struct ClaimsAnswer: Codable, Hashable, Sendable {
    /// One claim.
    package struct Claim: Codable, Hashable, Sendable {
        package let operation: String
        /// voucher, root, receipt, proof or withdrawal.
        package let kind: String
        package let subject: String
        package let amountUnits: UInt64
        package let feeUnits: UInt64?
        package let begunAt: Date
        package let endedAt: Date?
        package let problem: String?

        /// The answer for these.
        package init(_ claim: FarmClaim) {
            operation = "\(claim.operation)"
            kind = claim.kind.rawValue
            subject = "0x" + Hexadecimal.encode(claim.subject.bytes)
            amountUnits = claim.amount.units
            feeUnits = claim.fee?.units
            begunAt = claim.begunAt.date
            endedAt = claim.endedAt?.date
            problem = claim.problem
        }
    }

    package let claims: [Claim]

    /// The answer for these.
    package init(claims: [Claim]) { self.claims = claims }
}

/// The wallet and its ledger.
package struct WalletAnswer: Codable, Hashable, Sendable {
    package let wallet: String
    /// False for a wallet that is kept elsewhere.
    package let hasKey: Bool
    package let signer: String
    /// embedded or ethereum.
    package let ledger: String
    package let chainId: UInt64
    package let balanceUnits: UInt64?
    package let creditUnits: UInt64?
    package let ledgerSeenAt: Date?
    package let problem: String?

    init(_ status: WalletStatus) {
        wallet = status.wallet.checksummed
        hasKey = status.hasKey
        signer = status.signer.checksummed
        ledger = status.ledger.kind.rawValue
        chainId = status.ledger.chainID
        balanceUnits = status.balance?.units
        creditUnits = status.credit?.units
        ledgerSeenAt = status.viewedAt?.date
        problem = status.problem
    }
}

/// A transfer, as far as the ledger knows it.
package struct TransferAnswer: Codable, Hashable, Sendable {
    /// The sender's number of it.
    package let id: String
    package let to: String
    package let amountUnits: UInt64
    /// done, or under way.
    package let state: String
    /// Why it had no effect.
    package let problem: String?

    init(_ request: TransferRequest, _ status: OperationStatus) {
        id = request.id
        to = request.to
        amountUnits = request.amountUnits
        if case .failed(let failure) = status {
            state = "failed"
            problem = "\(failure)"
        } else {
            state = status.isIncluded ? "done" : "under way"
            problem = nil
        }
    }
}
