package import Foundation

/// What existing dashboards read of a node. Names are those of the field's own console.
///
/// - Source: the storage node console's `/api/sno`, its names of fields.
package enum Sno {
    /// `GET /api/sno`.
    package struct Dashboard: Codable, Hashable, Sendable {
        package let nodeID: String
        package let wallet: String
        package let walletFeatures: [String]
        package let satellites: [SatelliteInfo]
        package let diskSpace: DiskSpace
        package let bandwidth: Bandwidth
        package let lastPinged: Date
        package let version: String
        package let allowedVersion: String
        package let upToDate: Bool
        package let startedAt: Date
        package let configuredPort: String
        package let quicStatus: String
        package let lastQuicPingedAt: Date
    }

    /// One satellite of the dashboard.
    package struct SatelliteInfo: Codable, Hashable, Sendable {
        package let id: String
        package let url: String
        @Null package var disqualified: Date?
        @Null package var suspended: Date?
        package let currentStorageUsed: Int64
        @Null package var vettedAt: Date?
    }

    /// Bytes of the disk. `available` is what was allocated.
    package struct DiskSpace: Codable, Hashable, Sendable {
        package let used: Int64
        package let available: Int64
        package let trash: Int64
        package let overused: Int64
    }

    /// Bytes moved this month.
    package struct Bandwidth: Codable, Hashable, Sendable {
        package let used: Int64
        package let available: Int64
    }

    /// A day of storage: byte-hours.
    package struct StorageStamp: Codable, Hashable, Sendable {
        package let atRestTotal: Double
        package let atRestTotalBytes: Double
        package let intervalInHours: Double
        package let intervalStart: Date
    }

    /// A day of traffic.
    package struct BandwidthDay: Codable, Hashable, Sendable {
        package struct Egress: Codable, Hashable, Sendable {
            package var repair: Int64 = 0
            package var audit: Int64 = 0
            package var usage: Int64 = 0
        }

        package struct Ingress: Codable, Hashable, Sendable {
            package var repair: Int64 = 0
            package var usage: Int64 = 0
        }

        package var egress = Egress()
        package var ingress = Ingress()
        package var delete: Int64 = 0
        package let intervalStart: Date
    }

    /// Scores in 0…1.
    package struct Audits: Codable, Hashable, Sendable {
        package let auditScore: Double
        package let suspensionScore: Double
        package let onlineScore: Double
        package let satelliteName: String
    }

    /// `GET /api/sno/satellites`.
    package struct Satellites: Codable, Hashable, Sendable {
        package let storageDaily: [StorageStamp]
        package let bandwidthDaily: [BandwidthDay]
        package let storageSummary: Double
        package let averageUsageBytes: Double
        package let bandwidthSummary: Int64
        package let egressSummary: Int64
        package let ingressSummary: Int64
        package let earliestJoinedAt: Date
        package let audits: [Audits]
    }

    /// A history of windows in which the node was asked.
    package struct AuditHistory: Codable, Hashable, Sendable {
        package struct Window: Codable, Hashable, Sendable {
            package let windowStart: Date
            package let totalCount: Int
            package let onlineCount: Int
        }

        package let score: Double
        package let windows: [Window]
    }

    /// Cents for 10¹² bytes, and for 10¹² bytes in a month.
    package struct PriceModel: Codable, Hashable, Sendable {
        package let EgressBandwidth: Int64
        package let RepairBandwidth: Int64
        package let AuditBandwidth: Int64
        package let DiskSpace: Int64
    }

    /// `GET /api/sno/satellite/{id}`.
    package struct Satellite: Codable, Hashable, Sendable {
        package let id: String
        package let storageDaily: [StorageStamp]
        package let bandwidthDaily: [BandwidthDay]
        package let storageSummary: Double
        package let averageUsageBytes: Double
        package let bandwidthSummary: Int64
        package let egressSummary: Int64
        package let ingressSummary: Int64
        package let currentStorageUsed: Int64
        package let audits: Audits
        package let auditHistory: AuditHistory
        package let priceModel: PriceModel
        package let nodeJoinedAt: Date
    }

    /// One month of `GET /api/sno/estimated-payout`: bytes, byte-months and cents.
    package struct PayoutMonth: Codable, Hashable, Sendable {
        package let egressBandwidth: Int64
        package let egressBandwidthPayout: Double
        package let egressRepairAudit: Int64
        package let egressRepairAuditPayout: Double
        package let diskSpace: Double
        package let diskSpacePayout: Double
        package let heldRate: Double
        package let payout: Double
        package let held: Double
    }

    /// `GET /api/sno/estimated-payout`.
    package struct EstimatedPayout: Codable, Hashable, Sendable {
        package let currentMonth: PayoutMonth
        package let previousMonth: PayoutMonth
        package let currentMonthExpectations: Double
    }

    /// A moment that is written as `null` when it did not happen: existing readers expect the field.
    @propertyWrapper package struct Null: Codable, Hashable, Sendable {
        package var wrappedValue: Date?

        package init(wrappedValue: Date?) { self.wrappedValue = wrappedValue }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            wrappedValue = container.decodeNil() ? nil : try container.decode(Date.self)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
        }
    }
}
