import ConsoleKit
import Foundation
import HTTPTypes
import Hummingbird
import MailDoor
import StorageModel

/// What is the matter, what was told of it, and by which ways.
struct AlertsPage: Sendable {
    struct Row: Sendable {
        let state: Pill
        let sentence: String
        let advice: String
        let since: Figure
        let told: Figure
    }

    struct Sent: Sendable {
        let time: Figure
        let way: String
        let subject: String
        let state: Pill
        let problem: String
    }

    struct Way: Sendable {
        let name: String
        let state: Pill
        let detail: String
    }

    let head: PageHead
    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyState?
    let ways: [Way]
    let hasWays: Bool
    let sent: [Sent]
    let hasSent: Bool

    init(_ standing: [AlertRules.Standing], _ recent: [AlertBook.Delivery], _ settings: AlertSettings, now: Timestamp) {
        head = PageHead(
            "Alerts",
            lede: "What goes wrong is told when it has lasted for two minutes, once a day as long as it lasts, and when it is over.")
        rows = standing.map { one in
            Row(
                state: one.severity >= HealthFinding.Severity.broken.rawValue ? Pill(.bad, "broken") : Pill(.warning, "warning"),
                sentence: one.sentence, advice: one.advice, since: .ago(one.beganAt, now: now),
                told: one.toldAt.map { .ago($0, now: now) } ?? .text("not yet", how: "It is told when it is still there at the next look."))
        }
        hasRows = !rows.isEmpty
        empty = rows.isEmpty ? EmptyState("Nothing is the matter", "The node looks once a minute.") : nil
        ways = [
            Way(
                name: "Webhook", state: settings.webhook == nil ? Pill(.neutral, "not set") : Pill(.good, "set"),
                // A path or query may hold a secret.
                detail: settings.webhook.map { "JSON is posted to \($0.host() ?? "the receiver")." } ?? "alerts.webhook"),
            Way(
                name: "Mail", state: settings.mailTo == nil ? Pill(.neutral, "not set") : Pill(.good, "set"),
                detail: settings.mailTo.map { "To \($0) by \(settings.mail?.server.host ?? "no server")." }
                    ?? "alerts.mail_to, alerts.mail_from, alerts.smtp, alerts.smtp_user, alerts.smtp_password"),
        ]
        hasWays = !settings.ways.isEmpty
        sent = recent.map { delivery in
            let isWaiting = delivery.sentAt == nil && delivery.nextAt.microseconds > 0
            return Sent(
                time: .time(Timestamp(microseconds: delivery.message.time * 1_000_000)), way: delivery.way.rawValue,
                subject: delivery.message.subject,
                state: delivery.sentAt != nil ? Pill(.good, "sent") : isWaiting ? Pill(.warning, "tried again") : Pill(.bad, "given up"),
                problem: delivery.problem)
        }
        hasSent = !sent.isEmpty
    }
}

extension StorjShare {
    func addAlerts(to routes: RouterGroup<WebContext>) {
        guard let alerts else { return }
        routes.get("alerts") { [self] _, context in
            let page = AlertsPage(
                try await alerts.book.standing(), try await alerts.book.recent(50), settings.alerts, now: context.now)
            return try context.page("share-alerts", title: "Alerts", shell: shell(context), model: page, styles: ["share.css"])
        }
        routes.post("alerts/test") { [self] _, context in
            guard !settings.alerts.ways.isEmpty else { throw WebError(.conflict, "No way is set: set alerts.webhook or alerts.mail_to first.") }
            try await alerts.test()
            let failed = try await alerts.book.recent(settings.alerts.ways.count).filter { $0.sentAt == nil }
            guard failed.isEmpty else {
                return context.redirect(to: "/alerts", flash: .failed("It did not arrive: \(failed.map(\.problem).joined(separator: "; "))"))
            }
            return context.redirect(to: "/alerts", flash: .done("A test alert was sent."))
        }
    }
}
