import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite repair`.
package struct RepairCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Show what waits for repair, what is under repair, and what was done.",
        discussion: """
            Examples:
              storj satellite repair --dir sat
              storj satellite repair --dir sat --json | jq '.irreparable[].segment'
              storj satellite chores trigger repair --dir sat
            """)
    package static let server = OperatorServer.satellite

    /// Rows of every table.
    static let maximumRows = 20

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let repair: RepairAnswer = try await session.client.get("repair")
        try session.print(json: repair) {
            facts(repair) + running(repair, session) + waiting("WAITING", repair.next, session)
                + waiting("CANNOT BE RESTORED NOW", repair.irreparable, session) + problems(repair, session)
        }
    }

    private func facts(_ repair: RepairAnswer) -> [String] {
        let totals = repair.totals
        return FactList.lines([
            (
                name: "waiting",
                value: "\(Wording.count(repair.queueLength, "segment")), \(Wording.number(repair.dueCount)) due, "
                    + "\(Wording.number(repair.irreparableCount)) that cannot be restored now"
            ),
            (name: "under repair", value: Wording.count(repair.running.count, "segment")),
            (
                name: "done",
                value: "\(Wording.number(totals.repairedSegments)) repaired, "
                    + "\(Wording.number(totals.partlyRepairedSegments)) in part, "
                    + "\(Wording.number(totals.spuriousSegments)) needed nothing, "
                    + "\(Wording.number(totals.failedAttempts)) attempts failed"
            ),
            (
                name: "pieces",
                value: "\(Wording.number(totals.addedPieces)) made, \(Wording.number(totals.removedPieces)) taken out, "
                    + "\(Wording.number(totals.badPieces)) bad"
            ),
            (
                name: "moved",
                value: "\(SizeText.human(totals.receivedBytes)) in, \(SizeText.human(totals.sentBytes)) out"
            ),
            (name: "speed", value: "\(SizeText.human(Int64(repair.bytesPerSecond.clampedToSize)))/s"),
        ])
    }

    private func running(_ repair: RepairAnswer, _ session: OperatorSession) -> [String] {
        guard !repair.running.isEmpty else { return [] }
        var table = TextTable([.init("UNDER REPAIR"), .init("STEP"), .init("FOR", .right)])
        for job in repair.running.prefix(Self.maximumRows) {
            table.add([job.segment, job.step, Wording.ago(job.start, now: session.environment.now())])
        }
        return [""] + table.lines
    }

    private func waiting(_ title: String, _ rows: [RepairAnswer.Waiting], _ session: OperatorSession) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = TextTable([
            .init(title), .init("LIVES DAYS", .right), .init("HEALTHY", .right), .init("RETRIEVABLE", .right),
            .init("NEEDED", .right), .init("TRIES", .right), .init("PROBLEM"),
        ])
        for row in rows.prefix(Self.maximumRows) {
            table.add([
                row.segment, Wording.number(Int(row.survivalDays.clampedToSize)), "\(row.healthy)", "\(row.retrievable)",
                "\(row.required)", "\(row.attempts)", row.problem ?? "",
            ])
        }
        let rest = rows.count > Self.maximumRows ? ["and \(rows.count - Self.maximumRows) more"] : []
        return [""] + table.lines + rest
    }

    private func problems(_ repair: RepairAnswer, _ session: OperatorSession) -> [String] {
        guard !repair.problems.isEmpty else { return [] }
        return ["", "PROBLEMS"]
            + repair.problems.map { "\(session.show($0.time))  \($0.segment.printable)  \($0.text.printable)" }
    }
}

extension Double {
    /// This number as a size or count: nothing negative, nothing that no integer holds.
    fileprivate var clampedToSize: Double { isFinite ? Swift.min(Swift.max(self, 0), 1e15) : 0 }
}
