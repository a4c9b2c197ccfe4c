import Billing
import Contracts
import Installation
import Market
import Metainfo
import Overlay
import Satellite
import StorageModel

extension SatelliteSettings {
    /// What farmers are paid and customers pay.
    ///
    /// - Throws: `SettingsError.badValue`.
    mutating func readMoney(_ values: SettingsValues) throws {
        try readBilling(values)
        var payment = PaymentSettings()
        payment.interval = values.duration("payment.interval")
        payment.noticeSeconds = values.seconds("payment.notice")
        payment.timeScale = UInt64(max(1, values.number("payment.time_scale")))
        let traffic = try values.dollars("payment.traffic")
        payment.nodePrices = NodePrices(
            storageTBMonth: try values.dollars("payment.storage"), egressTB: traffic, repairTB: traffic, auditTB: traffic)
        if !values.text("payment.channel_threshold").isEmpty {
            payment.channelThreshold = try values.tokens("payment.channel_threshold")
        }
        payment.leastDeposit = try values.tokens("payment.least_deposit")
        payment.depositSeconds = values.seconds("payment.deposit_time")
        payment.challengeSeconds = values.seconds("payment.challenge")
        payment.channelCheckInterval = min(payment.channelCheckInterval, values.duration("ledger.scan_interval") * 4)
        payment.deliveryRetry = values.duration("payment.delivery_retry")
        payment.fee = try values.thousandthsOfPercent("payment.margin")
        payment.customerPrices = Manifest.CustomerPrices(
            storageTBMonth: billing.prices.storageTBMonth, egressTB: billing.prices.egressTB,
            millionSegmentMonth: billing.prices.millionSegmentMonth, minimumMonth: UInt64(clamping: billing.minimumMonth.micro))
        payment.totalShares = UInt32(clamping: metainfo.redundancy.totalShares)
        payment.requiredShares = UInt32(clamping: metainfo.redundancy.requiredShares)
        switch values.text("payment.withholding") {
        case "none": payment.withholding = .none
        case "customary": payment.withholding = .customary
        default: throw values.refusal(of: "payment.withholding", expected: "none or customary")
        }
        market.payment = payment
        market.payouts.interval = values.duration("payout.interval")
        market.payouts.runInterval = values.duration("payout.run_interval")
        market.payouts.feePercent = UInt64(max(0, values.number("payout.fee_percent")))
    }

    private mutating func readBilling(_ values: SettingsValues) throws {
        billing.prices.storageTBMonth = try values.dollars("billing.storage")
        billing.prices.egressTB = try values.dollars("billing.egress")
        billing.prices.millionSegmentMonth = try values.dollars("billing.segments")
        billing.minimumMonth = USDAmount(micro: Int64(clamping: try values.dollars("billing.minimum")))
        billing.settlingTime = values.duration("billing.settling_time")
        billing.invoiceInterval = values.duration("billing.interval")
        billing.depositInterval = values.duration("billing.deposit_interval")
        billing.confirmations = UInt64(max(1, values.number("billing.confirmations")))
        billing.bonusPercent = UInt32(clamping: values.number("billing.bonus"))
        billing.sanctioned = values.text("billing.sanctioned").split(separator: ",").map { String($0.filter { $0 != " " }) }
        billing.warnAfter = values.duration("billing.warn_after")
        billing.freezeAfter = values.duration("billing.freeze_after")
        let url = values.text("billing.stripe_url")
        billing.stripeURL = url.isEmpty ? nil : url
        billing.stripeKey = values.text("billing.stripe_key")
        billing.partnerPercent = UInt32(clamping: values.number("billing.partner_share"))
    }
}
