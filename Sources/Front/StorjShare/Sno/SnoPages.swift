import ConsoleKit
import Contracts
import Ethereum
import Foundation
import Hummingbird
import PieceStore
import StorageModel
import StorageNode

extension StorjShare {
    /// The field's own API of a node, for dashboards and exporters that exist: read only, this month's figures.
    func addSno(to routes: RouterGroup<WebContext>) {
        routes.get("api/sno") { [self] _, context in try context.json(try await snoDashboard(context.now)) }
        routes.get("api/sno/satellites") { [self] _, context in try context.json(try await snoSatellites(context.now)) }
        routes.get("api/sno/satellite/:satellite") { [self] _, context in
            let satellite = try satelliteInPath(context)
            return try context.json(try await snoSatellite(satellite, context.now))
        }
        routes.get("api/sno/estimated-payout") { [self] _, context in
            try context.json(try await snoPayout(nil, context.now))
        }
        routes.get("api/sno/satellites/:satellite/estimated-payout") { [self] _, context in
            try context.json(try await snoPayout(try satelliteInPath(context), context.now))
        }
    }

    private func snoDashboard(_ now: Timestamp) async throws -> Sno.Dashboard {
        let snapshot = try await desk.snapshot()
        let (status, month) = (snapshot.status, SnoSums.Month(of: now))
        let moved = SnoSums.sums(SnoSums.bandwidth(try await node.history.traffic(.day, from: month.start)))
        return Sno.Dashboard(
            nodeID: "\(status.id)", wallet: node.farmer?.keys.wallet.checksummed ?? "", walletFeatures: [],
            satellites: status.satellites.filter(\.isActive).map { contact, _, usage in
                let row = snapshot.reputations[contact.satellite]
                return Sno.SatelliteInfo(
                    id: "\(contact.satellite)", url: contact.address, disqualified: row?.disqualifiedAt?.date,
                    suspended: (row?.suspendedAt ?? row?.offlineSuspendedAt)?.date,
                    currentStorageUsed: usage.contentBytes, vettedAt: row?.vettedAt?.date)
            },
            diskSpace: .init(
                used: status.usage.totalBytes - status.usage.trashBytes, available: status.allocatedSpace,
                trash: status.usage.trashBytes, overused: max(0, status.usage.totalBytes - status.allocatedSpace)),
            bandwidth: .init(used: moved.egress + moved.ingress, available: 0),
            lastPinged: (status.lastContact ?? node.startedAt).date, version: Self.number(status.version),
            allowedVersion: Self.number(status.version), upToDate: true, startedAt: node.startedAt.date,
            configuredPort: status.address.split(separator: ":").last.map(String.init) ?? "", quicStatus: "Disabled",
            lastQuicPingedAt: Date(timeIntervalSince1970: 0))
    }

    private func snoSatellites(_ now: Timestamp) async throws -> Sno.Satellites {
        let (snapshot, month) = (try await desk.snapshot(), SnoSums.Month(of: now))
        let space = try await node.history.space(.day, from: month.start)
        let days = SnoSums.bandwidth(try await node.history.traffic(.day, from: month.start))
        let (storage, sums) = (SnoSums.storage(space), SnoSums.sums(days))
        let active = snapshot.status.satellites.filter(\.isActive)
        return Sno.Satellites(
            storageDaily: storage, bandwidthDaily: days, storageSummary: storage.reduce(0) { $0 + $1.atRestTotal },
            averageUsageBytes: Self.average(storage), bandwidthSummary: sums.egress + sums.ingress,
            egressSummary: sums.egress, ingressSummary: sums.ingress,
            earliestJoinedAt: (active.compactMap { snapshot.reputations[$0.contact.satellite]?.joinedAt }.min() ?? now).date,
            audits: active.map { Self.audits(snapshot.reputations[$0.contact.satellite], $0.contact.address) })
    }

    private func snoSatellite(_ satellite: NodeID, _ now: Timestamp) async throws -> Sno.Satellite {
        let (snapshot, month) = (try await desk.snapshot(), SnoSums.Month(of: now))
        guard let line = snapshot.status.satellites.first(where: { $0.contact.satellite == satellite }) else {
            throw WebError.notFound
        }
        let storage = SnoSums.storage(try await node.history.space(.day, from: month.start, of: satellite))
        let days = SnoSums.bandwidth(try await node.history.traffic(.day, from: month.start, of: satellite))
        let (sums, row) = (SnoSums.sums(days), snapshot.reputations[satellite])
        return Sno.Satellite(
            id: "\(satellite)", storageDaily: storage, bandwidthDaily: days,
            storageSummary: storage.reduce(0) { $0 + $1.atRestTotal }, averageUsageBytes: Self.average(storage),
            bandwidthSummary: sums.egress + sums.ingress, egressSummary: sums.egress, ingressSummary: sums.ingress,
            currentStorageUsed: line.usage.contentBytes, audits: Self.audits(row, line.contact.address),
            auditHistory: .init(score: Double(row?.onlineScore ?? 1_000_000) / 1e6, windows: []),
            priceModel: Self.prices(snapshot.money?.sheet?.sheet), nodeJoinedAt: (row?.joinedAt ?? now).date)
    }

    private func snoPayout(_ satellite: NodeID?, _ now: Timestamp) async throws -> Sno.EstimatedPayout {
        let snapshot = try await desk.snapshot()
        if let satellite, !snapshot.status.satellites.contains(where: { $0.contact.satellite == satellite }) {
            throw WebError.notFound
        }
        let (month, last) = (SnoSums.Month(of: now), SnoSums.Month(of: now, back: 1))
        let traffic = try await node.history.traffic(.day, from: last.start, of: satellite)
        let space = try await node.history.space(.day, from: last.start, of: satellite)
        let prices = snapshot.money?.sheet.map { FarmerPrices($0.sheet) }
        let current = SnoSums.payout(month, traffic: traffic, space: space, prices: prices)
        let passed = max(1, Double(now.seconds - month.start))
        return Sno.EstimatedPayout(
            currentMonth: current, previousMonth: SnoSums.payout(last, traffic: traffic, space: space, prices: prices),
            currentMonthExpectations: (current.payout / passed * Double(month.end - month.start) * 100).rounded() / 100)
    }

    /// Bytes at rest over the days, as the mean of the days' figures.
    private static func average(_ storage: [Sno.StorageStamp]) -> Double {
        storage.isEmpty ? 0 : storage.reduce(0) { $0 + $1.atRestTotalBytes } / Double(storage.count)
    }

    private static func audits(_ row: ReputationRow?, _ address: String) -> Sno.Audits {
        func score(_ value: Int64?) -> Double { Double(value ?? 1_000_000) / 1e6 }
        return Sno.Audits(
            auditScore: score(row?.auditScore), suspensionScore: score(row?.unknownScore),
            onlineScore: score(row?.onlineScore), satelliteName: address)
    }

    /// Cents; nothing for prices in STORJ, of which existing readers know nothing.
    private static func prices(_ sheet: PriceSheet?) -> Sno.PriceModel {
        func cents(_ price: UInt64?) -> Int64 { Int64(clamping: (price ?? 0) / 10_000) }
        let usd = sheet.flatMap { $0.denomination == .microUSD ? $0 : nil }
        return Sno.PriceModel(
            EgressBandwidth: cents(usd?.egressTB), RepairBandwidth: cents(usd?.repairTB),
            AuditBandwidth: cents(usd?.auditTB), DiskSpace: cents(usd?.storageTBMonth))
    }

    /// A version without the "v" in front.
    private static func number(_ version: String) -> String { version.hasPrefix("v") ? String(version.dropFirst()) : version }
}

extension Timestamp {
    /// The moment as Foundation has it; only for JSON.
    var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
