import ClientCommands
import Foundation
import NodeAPI

/// A node's answers for people.
enum NodeText {
    static func status(_ status: NodeStatusAnswer, _ session: OperatorSession) -> [String] {
        var lines = [
            "node        \(status.id)",
            "address     \(status.address)  version \(status.version)",
            "pieces      \(Wording.count(status.usage.pieces, "piece")), \(SizeText.human(status.usage.contentBytes))",
            "disk        \(SizeText.human(status.usage.totalBytes)) of \(SizeText.human(status.allocatedBytes)) used, "
                + "\(SizeText.human(status.freeBytes)) free, \(SizeText.human(status.usage.trashBytes)) in the trash",
            "memory      \(SizeText.human(status.peakMemoryBytes)) at most",
            "new pieces  \(status.drainedSince.map { "none: drained since \(session.show($0))" } ?? "taken")",
            "scrub       \(scrub(status.scrub, session))",
            "lost        \(lost(status.lostPieces))",
        ]
        lines += [""] + satellites(status.satellites, now: session.environment.now())
        if !status.exits.isEmpty { lines += [""] + exits(status.exits, session) }
        return lines
    }

    static func scrub(_ scrub: ScrubAnswer, _ session: OperatorSession) -> String {
        let rate = "\(SizeText.human(scrub.rate)) a second"
        if let pass = scrub.current {
            let share = scrub.totalBytes > 0 ? min(1, Double(pass.bytes) / Double(scrub.totalBytes)) : 1
            let percent = Int(share * 100)
            let state = scrub.isPaused ? "paused" : rate
            return "\(percent) % read (\(SizeText.human(pass.bytes)), \(state)), \(pass.bad) bad, "
                + "since \(session.show(pass.startedAt))"
        }
        guard let last = scrub.last else { return scrub.isPaused ? "paused" : "nothing was read yet (\(rate))" }
        return "everything was read until \(session.show(last.finishedAt)): "
            + "\(Wording.count(last.pieces, "piece")), \(last.bad) bad"
    }

    static func lost(_ lost: LostPiecesAnswer) -> String {
        if lost.waiting == 0, lost.acknowledged == 0 { return "no piece since the start" }
        return "\(Wording.count(lost.waiting, "piece")) to be reported, \(lost.acknowledged) reported since the start"
            + (lost.problem.map { "; last problem: \($0)" } ?? "")
    }

    static func satellites(_ satellites: [NodeSatelliteAnswer], now: Date) -> [String] {
        var table = TextTable([
            .init("SATELLITE"), .init("ADDRESS"), .init("PIECES", .right), .init("SIZE", .right), .init("TRASH", .right),
            .init("LAST CHECK-IN", .right), .init("PROBLEM"),
        ])
        for satellite in satellites {
            table.add([
                satellite.id, satellite.address, Wording.number(satellite.usage.pieces),
                SizeText.human(satellite.usage.contentBytes), SizeText.human(satellite.usage.trashBytes),
                Wording.ago(satellite.lastContactSuccess, now: now),
                satellite.isActive ? satellite.problem ?? standing(satellite) : "left",
            ])
        }
        return table.lines
    }

    /// How a satellite stands as who pays, when that keeps the node from working for it.
    private static func standing(_ satellite: NodeSatelliteAnswer) -> String {
        guard let standing = satellite.standing, standing != "active" else { return "" }
        return standing + (satellite.standingReason.map { ": \($0)" } ?? "")
    }

    static func exits(_ exits: [ExitAnswer], _ session: OperatorSession) -> [String] {
        var table = TextTable([
            .init("EXIT FROM"), .init("STEP"), .init("SINCE"), .init("LAST ASKED"), .init("FREED", .right), .init("NOTE"),
        ])
        for exit in exits {
            table.add([
                exit.satellite, exit.step, session.show(exit.requestedAt), session.show(exit.askedAt),
                exit.freedBytes.map { SizeText.human($0) } ?? "-", exit.problem ?? "",
            ])
        }
        return table.lines
    }
}
