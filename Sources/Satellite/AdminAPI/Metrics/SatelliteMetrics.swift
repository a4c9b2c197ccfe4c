import Foundation

/// The satellite's figures for monitoring; docs/operations.md says what each means.
package struct SatelliteMetrics: Sendable {
    let status: StatusAnswer
    let garbage: GarbageAnswer

    /// The figures in these answers.
    package init(status: StatusAnswer, garbage: GarbageAnswer) {
        self.status = status
        self.garbage = garbage
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
        guard garbage.segmentCount != nil else { return }
        text.add(
            "storj_garbage_filters", .gauge, "Nodes of the newest collection, by whether they took their filter.",
            [
                .init(Double(garbage.sentCount), ["outcome": "sent"]),
                .init(Double(garbage.refusals.count), ["outcome": "refused"]),
            ])
    }
}
