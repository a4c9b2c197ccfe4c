import DRPC
import Installation
import Market
import Metainfo
import OperatorDoor
import Overlay
import Satellite
import StorageModel
import Upkeep

extension SatelliteSettings {
    /// The settings a satellite's folder, variables and flags say.
    ///
    /// - Throws: `SettingsError`.
    init(_ values: SettingsValues) throws {
        self.init()
        (server.host, server.port) = try values.hostAndPort("address")
        (admin.host, admin.port) = try values.hostAndPort("admin.address")
        admin.token = values.text("admin.token")
        guard let scheme = RedundancyScheme(text: values.text("redundancy")) else {
            throw values.refusal(of: "redundancy", expected: "k/m/o/n with 1 ≤ k ≤ m ≤ o ≤ n ≤ 256")
        }
        metainfo.redundancy = scheme
        overlay.onlineWindow = values.duration("node.online_window")
        overlay.minimumFreeDisk = values.bytes("node.minimum_free_disk")
        overlay.distinctSubnet = values.flag("node.distinct_subnets")
        overlay.allowPrivateAddresses = values.flag("node.allow_private_addresses")
        overlay.minimumDifficulty = values.number("node.minimum_difficulty")
        overlay.checkInInterval = values.duration("node.check_in_interval")
        let liveness = values.duration("node.liveness_interval")
        overlay.livenessInterval = liveness == .zero ? nil : liveness
        readStanding(values)
        readUpkeep(values)
        readMarket(values)
        try readRepair(values)
        try readMoney(values)
        let rate = values.number("rate_limit")
        metainfo.projectRate = rate == 0 ? nil : RateLimit(perSecond: rate, burst: rate * 2)
    }

    private mutating func readStanding(_ values: SettingsValues) {
        overlay.reputation.vettingAudits = Int64(clamping: values.number("node.vetting_audits"))
        overlay.reputation.vettingAge = values.duration("node.vetting_age")
        overlay.strayAfter = values.duration("node.stray_after")
        overlay.reputation.disqualifiesSuspended = values.flag("node.disqualify_suspended")
        overlay.reputation.disqualifiesOffline = values.flag("node.disqualify_absent")
        overlay.exit.minimumAge = values.duration("exit.minimum_age")
        overlay.exit.duration = values.duration("exit.duration")
        overlay.exit.extensionForPieces = values.duration("exit.extension")
        // Often enough that a short exit, as in a trial, ends on time.
        overlay.exit.interval = max(.seconds(1), min(.seconds(3600), overlay.exit.duration / 10))
        overlay.events.webhook = values.text("node.events_webhook")
        overlay.events.mailCommand = values.text("node.events_mail_command")
        overlay.events.mailSender = values.text("node.events_mail_sender")
    }

    private mutating func readRepair(_ values: SettingsValues) throws {
        upkeep.repairs.interval = values.duration("repair.interval")
        upkeep.repairs.retryInterval = values.duration("repair.retry_interval")
        upkeep.repairs.concurrency = max(1, values.number("repair.concurrency"))
        upkeep.repairs.memory = Int(clamping: values.bytes("repair.memory"))
        let bandwidth = values.bytes("repair.bandwidth")
        upkeep.repairs.bytesPerSecond = bandwidth > 0 ? bandwidth : nil
        let text = values.text("repair.thresholds")
        guard let thresholds = RepairSettings.thresholds(text: text) else {
            throw values.refusal(of: "repair.thresholds", expected: "k-m,k-m with 1 ≤ k ≤ m ≤ 256, each k once")
        }
        upkeep.repairs.repairThresholds = thresholds
    }

    private mutating func readUpkeep(_ values: SettingsValues) {
        upkeep.loop.interval = values.duration("upkeep.loop_interval")
        upkeep.loop.parallelism = max(1, values.number("upkeep.loop_parallelism"))
        upkeep.garbage.interval = values.duration("garbage.interval")
        upkeep.garbage.maximumGap = values.duration("garbage.maximum_gap")
        upkeep.audits.interval = values.duration("audit.interval")
        upkeep.audits.reverificationInterval = values.duration("audit.interval")
        upkeep.audits.segmentsPerNode = max(1, values.number("audit.segments_per_node"))
        upkeep.audits.concurrency = max(1, values.number("audit.concurrency"))
        upkeep.audits.disguisedShare = Double(min(100, max(0, values.number("audit.disguised_percent")))) / 100
        let bandwidth = values.bytes("audit.bandwidth")
        upkeep.audits.bytesPerSecond = bandwidth > 0 ? bandwidth : nil
    }

    private mutating func readMarket(_ values: SettingsValues) {
        market.period = values.duration("heartbeats.period")
        market.commitWindow = values.duration("heartbeats.commit_window")
        market.retryInterval = values.duration("heartbeats.retry_interval")
        market.sampleCount = values.number("heartbeats.samples")
        market.evidenceDays = values.number("heartbeats.evidence_days")
    }
}
