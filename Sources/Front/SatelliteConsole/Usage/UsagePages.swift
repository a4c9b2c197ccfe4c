import Accounting
import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// What a project stored and downloaded, and how much of each it may.
struct UsagePages: Sendable {
    let desk: ConsoleDesk
    private static let days = 31
    /// Buckets a page names; the satellite lets a project have 100 unless an operator says more.
    private static let maximumRows = 100

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects/:id/usage") { _, context in try await page(context) }
    }

    private func page(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context)
        let project = membership.project
        let now = context.now
        let today = now.startOfDaySeconds
        let first = today - Int64(Self.days - 1) * UsageHistory.secondsPerDay
        let accounting = desk.parts.accounting
        let history = UsageHistory(
            first: first, count: Self.days,
            tallies: try await accounting.tallies(
                from: first, to: today + UsageHistory.secondsPerDay, project: project.id))
        let egress = try await accounting.egress(
            from: now.startOfMonthSeconds, to: today + UsageHistory.secondsPerDay, project: project.id)
        let rows = Self.rows(history, egress)
        return try context.page(
            "console-usage", title: "Usage", shell: desk.shell(context, in: membership),
            model: UsagePage(
                head: PageHead("Usage", lede: "What \(project.name) stores and downloads, and how much it may."),
                limits: Self.limits(
                    accounting.usage(of: project.id), desk.parts.accounts.effectiveLimits(of: project)),
                chart: Self.chart(history), rows: Array(rows.prefix(Self.maximumRows)), hasRows: !rows.isEmpty,
                hidden: rows.count > Self.maximumRows ? "\(rows.count - Self.maximumRows) smaller buckets are not shown." : nil,
                storedTerm: .term("Stored", how: "Encrypted bytes at the last booking, before redundancy."),
                objectsTerm: .term("Objects", how: "Versions and open uploads count too."),
                downloadedTerm: .term(
                    "Downloaded this month", how: "Settled by nodes or sent by the satellite since the first, in UTC.")),
            styles: ["console.css"])
    }

    private static func chart(_ history: UsageHistory) -> Markup {
        LineChart(
            title: "Stored, day by day",
            description: "Average of each day in UTC; days without a booking leave a gap.",
            labels: history.days.map { CivilTime(second: $0).shortDay },
            series: [ChartSeries("Stored", history.averageBytes.map { $0 ?? .nan })], unit: .bytes
        ).markup
    }

    private static func rows(_ history: UsageHistory, _ egress: [BucketEgress]) -> [BucketRow] {
        var left = Dictionary(egress.map { ($0.bucket, $0.bytes) }, uniquingKeysWith: { $0 + $1 })
        var rows = history.buckets.map { bucket in
            BucketRow(
                name: String(decoding: bucket.name, as: UTF8.self), stored: .bytes(bucket.bytes),
                objects: .count(bucket.objects), downloaded: .bytes(left.removeValue(forKey: bucket.name) ?? 0))
        }
        // Buckets that are gone, or too new for a booking, have been paid for all the same.
        for (name, bytes) in left.sorted(by: { $0.value > $1.value }) {
            rows.append(
                BucketRow(
                    name: String(decoding: name, as: UTF8.self), stored: .none("No booking of it is at hand."),
                    objects: .none("No booking of it is at hand."), downloaded: .bytes(bytes)))
        }
        return rows
    }

    private static func limits(_ usage: ProjectUsage, _ limits: EffectiveLimits) -> [LimitRow] {
        [
            LimitRow(
                "Storage", .bytes(usage.storageBytes, how: "Encrypted bytes before redundancy, counted as they come."),
                .bytes(limits.storageBytes), share: (usage.storageBytes, limits.storageBytes)),
            LimitRow(
                "Downloads this month",
                .bytes(
                    usage.bandwidthBytes,
                    how: "Since the first, in UTC: settled by nodes, and allowed where settling may still come."),
                .bytes(limits.bandwidthBytes), share: (usage.bandwidthBytes, limits.bandwidthBytes)),
            LimitRow(
                "Segments", .count(usage.segments, how: "Parts of up to 64 MiB that objects are cut into."),
                .count(limits.segments), share: (usage.segments, limits.segments)),
            LimitRow("Buckets", .none("Counted when one is made."), .count(limits.buckets), share: nil),
            LimitRow(
                "Requests a second", .none("Counted as they come; nothing of it is kept."),
                .count(limits.ratePerSecond, how: "Up to \(limits.burst) at once."), share: nil),
        ]
    }
}

private struct UsagePage: Sendable {
    let head: PageHead
    let limits: [LimitRow]
    let chart: Markup
    let rows: [BucketRow]
    let hasRows: Bool
    let hidden: String?
    let storedTerm: Figure
    let objectsTerm: Figure
    let downloadedTerm: Figure
}

private struct LimitRow: Sendable {
    let name: String
    let used: Figure
    let limit: Figure
    /// In whole percent, at most 100; nil where nothing is counted.
    let percent: Int?
    let isFull: Bool

    init(_ name: String, _ used: Figure, _ limit: Figure, share: (used: Int64, limit: Int64)?) {
        self.name = name
        self.used = used
        self.limit = limit
        percent = share.map { share in
            guard share.limit > 0 else { return 100 }
            return Int(min(1, max(0, Double(share.used) / Double(share.limit))) * 100)
        }
        isFull = share.map { $0.used >= $0.limit } ?? false
    }
}

private struct BucketRow: Sendable {
    let name: String
    let stored: Figure
    let objects: Figure
    let downloaded: Figure
}
