import ConsoleKit
import PieceStore
import StorageModel
import StorageNode

/// Says what is the matter with a node: the same rules for the first line of the dashboard and for alerts.
package enum HealthJudge {
    /// Below this part of the allocated space, in hundredths, a farmer should think of more.
    private static let lowSpacePercent: Int64 = 5
    /// The trash is worth a word from this part of what is used on, in hundredths.
    private static let largeTrashPercent: Int64 = 20
    /// Satellites disqualify below this, in millionths; a node hears of it before.
    private static let auditFloor: Int64 = 960_000
    private static let auditWarning: Int64 = 985_000
    private static let onlineFloor: Int64 = 600_000
    private static let onlineWarning: Int64 = 950_000
    /// Clocks that differ by less agree: answers to audits and heartbeats are given in hours.
    private static let clockTolerance = Duration.seconds(60)
    /// Orders and prices of a node whose clock is this wrong do not count.
    private static let clockLimit = Duration.seconds(600)

    /// What is the matter, the worst first.
    package static func findings(of snapshot: NodeSnapshot) -> [HealthFinding] {
        (contact(snapshot) + clock(offsets(snapshot)) + space(snapshot) + pieces(snapshot) + reputation(snapshot) + money(snapshot))
            .sorted { ($0.severity, $1.kind) > ($1.severity, $0.kind) }
    }

    /// The first line of the dashboard: how the node is, in one sentence.
    package static func sentence(_ findings: [HealthFinding], of snapshot: NodeSnapshot) -> String {
        let bad = findings.filter { $0.severity > .notice }
        guard let worst = bad.first else {
            let count = snapshot.status.satellites.filter(\.isActive).count
            if count == 0 { return "The node runs and waits: it works for no satellite yet." }
            return "All is well: \(count == 1 ? "the satellite reaches" : "all \(count) satellites reach") this node."
        }
        return bad.count == 1 ? worst.sentence : "\(worst.sentence) \(bad.count - 1) more to look at."
    }

    private static func contact(_ snapshot: NodeSnapshot) -> [HealthFinding] {
        snapshot.status.satellites.compactMap { contact, isActive, _ in
            guard isActive, let problem = contact.problem else { return nil }
            let address = contact.address
            let isPort = problem.contains("cannot reach this node")
            return HealthFinding(
                "check-in/\(contact.satellite)", .broken,
                isPort ? "\(address) cannot reach this node." : "\(address) does not answer.",
                advice: isPort
                    ? """
                    Open the node's port in the router and the firewall, and see that the announced address \
                    \(snapshot.status.address) is yours. The satellite said: \(problem)
                    """
                    : """
                    If other satellites answer, it is the satellite; otherwise look at this machine's network and name \
                    server. The node tries again by itself. The last error: \(problem)
                    """, path: "/satellites/\(contact.satellite)")
        }
    }

    /// All satellites cannot be wrong: what the nearest of their clocks says is this machine's own mistake.
    ///
    /// - Parameter offsets: how far satellites' clocks are before this one.
    package static func clock(_ offsets: [Duration]) -> [HealthFinding] {
        guard let offset = offsets.min(by: { magnitude($0) < magnitude($1) }), magnitude(offset) > clockTolerance else { return [] }
        let amount = Figure.duration(magnitude(offset)).text
        let isSlow = offset > .zero
        return [
            HealthFinding(
                "clock", magnitude(offset) > clockLimit ? .broken : .warning,
                "This machine's clock is \(amount) \(isSlow ? "slow" : "fast").",
                advice: """
                    \(offsets.count == 1 ? "The satellite's clock says so" : "The clocks of all satellites say so"). Prices, orders and \
                    heartbeats are dated by it and may be refused: set the time and keep it right by NTP (timedatectl set-ntp true).
                    """, path: "/")
        ]
    }

    private static func offsets(_ snapshot: NodeSnapshot) -> [Duration] {
        snapshot.status.satellites.filter(\.isActive).compactMap(\.contact.clockOffset)
    }

    private static func magnitude(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }

    private static func space(_ snapshot: NodeSnapshot) -> [HealthFinding] {
        let status = snapshot.status
        var findings: [HealthFinding] = []
        let rest = status.allocatedSpace - status.usage.totalBytes
        if status.drainedSince != nil {
            findings.append(
                HealthFinding(
                    "drained", .notice, "The node is drained: it takes no new pieces.",
                    advice: "Customers are still served. End the drain when your work on the machine is done.",
                    path: "/upkeep"))
        } else if status.freeSpace <= 0 {
            findings.append(
                HealthFinding(
                    "disk/full", .warning, "There is no room for new pieces.",
                    advice: rest > 0
                        ? "The disk itself is full, although less than the allocated space is used: what else lies on it?"
                        : "Everything you allocated is used. Give the node more space, or let it be: what is stored earns on.",
                    path: "/space"))
        } else if status.freeSpace < status.allocatedSpace / 100 * lowSpacePercent {
            findings.append(
                HealthFinding(
                    "disk/low", .notice, "Less than \(lowSpacePercent) % of the space is left.",
                    advice: "Satellites skip nodes with little room. Allocate more if you have it.", path: "/space"))
        }
        if status.freeSpace > 0, rest - status.freeSpace > status.allocatedSpace / 10 {
            findings.append(
                HealthFinding(
                    "disk/smaller", .warning, "The disk has less room than you allocated.",
                    advice: "Something else uses it. Lower storage.allocated to what is there, or move the other data away.",
                    path: "/space"))
        }
        let (trash, used) = (status.usage.trashBytes, status.usage.totalBytes)
        if used > 1_000_000_000, trash > used / 100 * largeTrashPercent {
            findings.append(
                HealthFinding(
                    "disk/trash", .notice, "A large part of what is used is trash.",
                    advice: """
                        Satellites deleted it; it is kept for some days in case that was a mistake, and then goes by itself.
                        """, path: "/space"))
        }
        return findings
    }

    private static func pieces(_ snapshot: NodeSnapshot) -> [HealthFinding] {
        var findings: [HealthFinding] = []
        let amnesty = snapshot.status.amnesty
        if amnesty.waiting > 0 {
            findings.append(
                HealthFinding(
                    "pieces/waiting", .warning, "\(amnesty.waiting) damaged pieces wait to be told to their satellites.",
                    advice: amnesty.lastError.map { "The last try failed: \($0)" }
                        ?? "They are told within minutes; told losses do not count as failed audits.", path: "/upkeep"))
        }
        let bad = (snapshot.status.scrub.current ?? snapshot.status.scrub.last)?.bad ?? 0
        if bad > 0 {
            findings.append(
                HealthFinding(
                    "pieces/bad", .warning, "The scrub found \(bad) damaged pieces.",
                    advice: "The disk may be dying: look at its SMART values, and copy the node to another one in time.",
                    path: "/upkeep"))
        }
        for exit in snapshot.status.exits {
            guard let problem = exit.problem else { continue }
            findings.append(
                HealthFinding(
                    "exit/\(exit.satellite)", .warning, "Leaving a satellite does not get on.",
                    advice: "The node asks again by itself. The last answer: \(problem)", path: "/satellites/\(exit.satellite)"))
        }
        return findings
    }

    private static func reputation(_ snapshot: NodeSnapshot) -> [HealthFinding] {
        snapshot.status.satellites.compactMap { contact, isActive, _ in
            guard isActive, let row = snapshot.reputations[contact.satellite] else { return nil }
            return reputation(row, address: contact.address)
        }
    }

    private static func reputation(_ row: ReputationRow, address: String) -> HealthFinding? {
        let (kind, path) = ("reputation/\(row.satellite)", "/satellites/\(row.satellite)")
        if row.disqualifiedAt != nil {
            return HealthFinding(
                kind, .broken, "\(address) has disqualified this node.",
                advice: "That is final there: its pieces earn nothing any more. Forget the satellite to have the space back.",
                path: path)
        }
        if row.suspendedAt != nil {
            return HealthFinding(
                kind, .broken, "\(address) has suspended this node: its answers to audits were errors.",
                advice: "Pieces are there but cannot be read in time or at all. Look at the disk and the log; the next good audits lift it.",
                path: path)
        }
        if row.offlineSuspendedAt != nil || row.onlineScore < onlineFloor {
            return HealthFinding(
                kind, .broken, "\(address) has seen this node offline too often.",
                advice: "New pieces stop until it has been online again for 30 days. The calendar shows when it was away.",
                path: path)
        }
        if row.auditScore < auditFloor {
            return HealthFinding(
                kind, .broken, "\(address) finds too few of this node's pieces: it is about to disqualify it.",
                advice: "Start a scrub now: losses that the node tells before they are asked for are forgiven.", path: path)
        }
        if row.auditScore < auditWarning || row.unknownScore < auditWarning {
            return HealthFinding(
                kind, .warning, "Audits of \(address) have failed.",
                advice: "Start a scrub: losses that the node tells before they are asked for are forgiven.", path: path)
        }
        if row.underReviewAt != nil || row.onlineScore < onlineWarning {
            return HealthFinding(
                kind, .warning, "\(address) has missed this node now and then.",
                advice: "Keep it online for the next 30 days; the calendar shows when it was away.", path: path)
        }
        return nil
    }

    private static func money(_ snapshot: NodeSnapshot) -> [HealthFinding] {
        guard let money = snapshot.money else { return [] }
        var findings: [HealthFinding] = money.earnings.lines.compactMap { line in
            guard let reason = line.standing.reason else { return nil }
            let address = snapshot.status.satellites.first { $0.contact.satellite == line.payer.satellite }?.contact.address
            return HealthFinding(
                "standing/\(line.payer.satellite)", line.standing.servesCustomers ? .warning : .broken,
                "\(address ?? "\(line.payer.satellite)") is \(line.standing.name): \(reason).",
                advice: "The node takes no new pieces of a satellite that does not pay. It goes on by itself when the money comes.",
                path: "/satellites/\(line.payer.satellite)")
        }
        findings += money.earnings.refusals.prefix(5).map { refusal in
            HealthFinding(
                "statement/\(refusal.satellite)/\(refusal.period)", .warning,
                "A statement was refused: \(refusal.reason).",
                advice: "The node's own figures were sent back. The satellite must correct it; until then the period is unpaid.",
                path: "/satellites/\(refusal.satellite)")
        }
        if let seen = money.ledgerSeenAt, snapshot.takenAt.duration(since: seen) > money.exposure / 2 {
            findings.append(
                HealthFinding(
                    "ledger", .warning, "The ledger was not seen for hours.",
                    advice: "Vouchers are kept meanwhile; after a day no new pieces are taken. Look at ledger.url.",
                    path: "/earnings"))
        }
        return findings
    }
}
