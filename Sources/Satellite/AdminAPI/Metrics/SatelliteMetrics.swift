import Foundation

/// The satellite's figures for monitoring; docs/operations.md says what each means.
package struct SatelliteMetrics: Sendable {
    let status: StatusAnswer
    let garbage: GarbageAnswer
    let audits: AuditsAnswer
    let repair: RepairAnswer
    let heartbeats: HeartbeatsAnswer

    /// The figures in these answers.
    package init(
        status: StatusAnswer, garbage: GarbageAnswer, audits: AuditsAnswer, repair: RepairAnswer,
        heartbeats: HeartbeatsAnswer
    ) {
        self.status = status
        self.garbage = garbage
        self.audits = audits
        self.repair = repair
        self.heartbeats = heartbeats
    }

    /// All families.
    package var text: String {
        var text = PrometheusText()
        text.add(
            "storj_satellite_start_time_seconds", .gauge, "When the satellite started, seconds since 1970.",
            status.startedAt.timeIntervalSince1970)
        text.add(
            "storj_satellite_attention", .gauge, "Things an operator should look at; see storj satellite status.",
            Double(status.attention.count))
        addNodes(to: &text)
        addDurability(to: &text)
        addChores(to: &text)
        addLoop(to: &text)
        addGarbage(to: &text)
        addAudits(to: &text)
        addRepair(to: &text)
        addHeartbeats(to: &text)
        return text.text
    }

    private func addNodes(to text: inout PrometheusText) {
        let nodes = status.nodes
        let counts = [
            ("online", nodes.online), ("offline", nodes.offline), ("suspended", nodes.suspended),
            ("exiting", nodes.exiting), ("exited", nodes.exited), ("disqualified", nodes.disqualified),
        ]
        text.add(
            "storj_nodes", .gauge, "Nodes that ever checked in, by state; each is counted once.",
            counts.map { .init(Double($0.1), ["state": $0.0]) })
        text.add("storj_nodes_vetted", .gauge, "Nodes that have proven themselves.", Double(nodes.vetted))
        text.add(
            "storj_nodes_contained", .gauge, "Nodes that owe an answer to an audit.", Double(nodes.contained))
        text.add(
            "storj_nodes_free_bytes", .gauge, "Free bytes of the nodes online, as they say.", Double(nodes.freeDisk))
    }

    private func addDurability(to text: inout PrometheusText) {
        let durability = status.durability
        let classes = durability.classes
        func samples(_ value: (DurabilityAnswer.Class) -> Double?) -> [PrometheusText.Sample] {
            classes.compactMap { group in
                value(group).map {
                    .init($0, ["redundancy": group.redundancy, "placement": "\(group.placement)"])
                }
            }
        }
        text.add(
            "storj_durability_time_seconds", .gauge,
            "When the pass began that the figures of segments come from, seconds since 1970.",
            durability.asOf?.timeIntervalSince1970)
        text.add(
            "storj_segments", .gauge, "Segments on nodes, by redundancy class and state; each is counted once.",
            classes.flatMap { group in
                let states = [
                    ("healthy", group.healthy), ("retrievable", group.retrievable), ("at_risk", group.atRisk),
                    ("lost", group.lost),
                ]
                return states.map { state in
                    PrometheusText.Sample(
                        Double(state.1),
                        [
                            "redundancy": group.redundancy, "placement": "\(group.placement)", "state": state.0,
                        ])
                }
            })
        text.add(
            "storj_segments_bytes", .gauge, "Encrypted bytes of segments on nodes, without redundancy.",
            samples { Double($0.bytes) })
        text.add(
            "storj_segments_missing_pieces", .gauge, "Pieces that repair would make anew.",
            samples { Double($0.missingPieces) })
        text.add(
            "storj_segments_lowest_healthy_pieces", .gauge, "Healthy pieces of the segment that has the fewest.",
            samples { group in group.histogram.firstIndex { $0 > 0 }.map(Double.init) })
        text.add(
            "storj_segments_expected_losses", .gauge, "Segments expected to be lost within a year.",
            samples { $0.expectedLosses })
        text.add(
            "storj_segments_inline", .gauge, "Segments in the satellite's own database.",
            durability.asOf == nil ? nil : Double(durability.inlineCount))
    }

    private func addChores(to text: inout PrometheusText) {
        func samples(_ value: (ChoreAnswer) -> Double?) -> [PrometheusText.Sample] {
            status.chores.compactMap { chore in value(chore).map { .init($0, ["chore": chore.name]) } }
        }
        text.add(
            "storj_chore_runs_total", .counter, "Runs finished, failed ones included.",
            samples { Double($0.runCount) })
        text.add("storj_chore_failures_total", .counter, "Runs that failed.", samples { Double($0.failureCount) })
        text.add("storj_chore_running", .gauge, "1 while the chore works.", samples { $0.isRunning ? 1 : 0 })
        text.add(
            "storj_chore_paused", .gauge, "1 while only a trigger makes the chore run.", samples { $0.isPaused ? 1 : 0 })
        text.add(
            "storj_chore_failing", .gauge, "1 when the newest finished run failed.",
            samples { $0.lastError == nil ? 0 : 1 })
        text.add("storj_chore_interval_seconds", .gauge, "The pause between two runs.", samples { $0.intervalSeconds })
        text.add(
            "storj_chore_last_end_time_seconds", .gauge, "When the newest finished run ended, seconds since 1970.",
            samples { $0.lastEnd?.timeIntervalSince1970 })
    }

    private func addLoop(to text: inout PrometheusText) {
        let loop = status.loop
        text.add("storj_loop_running", .gauge, "1 while a pass over all segments is under way.", loop.isRunning ? 1 : 0)
        text.add("storj_loop_segments", .gauge, "Segments seen in the pass under way.", Double(loop.segmentCount))
        text.add(
            "storj_loop_last_segments", .gauge, "Segments seen in the newest complete pass.",
            loop.last.map { Double($0.segmentCount) })
        text.add("storj_loop_last_seconds", .gauge, "How long the newest complete pass took.", loop.last?.seconds)
        text.add(
            "storj_loop_last_failed_observers", .gauge, "Observers the newest complete pass left out.",
            loop.last.map { Double($0.failures.count) })
    }

    private func addGarbage(to text: inout PrometheusText) {
        text.add(
            "storj_garbage_held", .gauge, "1 while nodes are not told what to throw away.",
            garbage.heldUntil == nil ? 0 : 1)
        guard garbage.segmentCount != nil else { return }
        text.add(
            "storj_garbage_filters", .gauge, "Nodes of the newest collection, by whether they took their filter.",
            [
                .init(Double(garbage.sentCount), ["outcome": "sent"]),
                .init(Double(garbage.refusals.count), ["outcome": "refused"]),
            ])
    }

    private func addAudits(to text: inout PrometheusText) {
        text.add("storj_audit_queue", .gauge, "Segments that wait to be audited.", Double(audits.queueLength))
        text.add(
            "storj_audit_reverifications_pending", .gauge, "Whole pieces that nodes owe.",
            Double(audits.reverificationCount))
        text.add(
            "storj_audit_outcomes_total", .counter, "Audits of nodes since the start, by outcome.",
            audits.outcomes.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["outcome": $0.key]) })
        text.add(
            "storj_audit_segments_total", .counter, "Segments audited since the start, by conclusion.",
            audits.conclusions.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["conclusion": $0.key]) })
    }

    private func addRepair(to text: inout PrometheusText) {
        let states = [
            ("due", repair.dueCount), ("later", max(0, repair.queueLength - repair.dueCount - repair.irreparableCount)),
            ("irreparable", repair.irreparableCount),
        ]
        text.add(
            "storj_repair_queue", .gauge, "Segments that wait for repair, by state.",
            states.map { .init(Double($0.1), ["state": $0.0]) })
        text.add("storj_repair_running", .gauge, "Segments under repair.", Double(repair.running.count))
        let totals = repair.totals
        let results = [
            ("repaired", totals.repairedSegments), ("partly", totals.partlyRepairedSegments),
            ("spurious", totals.spuriousSegments), ("failed", totals.failedAttempts),
        ]
        text.add(
            "storj_repair_attempts_total", .counter, "Attempts to repair a segment since the start, by result.",
            results.map { .init(Double($0.1), ["result": $0.0]) })
        text.add("storj_repair_pieces_added_total", .counter, "Pieces made anew.", Double(totals.addedPieces))
        text.add(
            "storj_repair_pieces_bad_total", .counter, "Pieces that were not as they were uploaded.",
            Double(totals.badPieces))
        text.add(
            "storj_repair_bytes_total", .counter, "Bytes of pieces moved by repair.",
            [
                .init(Double(totals.receivedBytes), ["direction": "received"]),
                .init(Double(totals.sentBytes), ["direction": "sent"]),
            ])
    }

    private func addHeartbeats(to text: inout PrometheusText) {
        guard let period = heartbeats.period else { return }
        text.add(
            "storj_heartbeat_period", .gauge, "Number of the newest period.", Double(period.number))
        let counts = heartbeats.counts
        let verdicts = [
            ("passed", counts.passed), ("failed", counts.failed), ("unreachable", counts.unreachable),
            ("pending", counts.pending), ("void", counts.void),
        ]
        text.add(
            "storj_heartbeat_nodes", .gauge, "Nodes of the newest period, by verdict so far.",
            verdicts.map { .init(Double($0.1), ["verdict": $0.0]) })
        text.add(
            "storj_heartbeat_nodes_uncovered", .gauge, "Nodes that only audits cover.", Double(heartbeats.uncoveredCount))
        text.add(
            "storj_heartbeat_bytes", .gauge, "Bytes of the newest period, by whether they can be proven.",
            [
                .init(Double(heartbeats.provableBytes), ["provable": "yes"]),
                .init(Double(heartbeats.unprovableBytes), ["provable": "no"]),
            ])
    }
}
