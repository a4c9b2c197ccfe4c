package import StorageModel

/// When something is told: once when it has lasted for two looks, once a day as long as it lasts, and once when it has been
/// gone for two looks. What comes and goes between two looks is not told at all.
package enum AlertRules {
    /// Looks in which something must be there, or gone, before it is told.
    package static let patience = 2
    /// How often something that lasts is told again.
    package static let reminder = Duration.seconds(86_400)

    /// Something that is, or was until a moment ago.
    package struct Standing: Hashable, Sendable {
        package var kind: String
        package var severity: Int
        package var sentence: String
        package var advice: String
        package var beganAt: Timestamp
        /// Looks in a row in which it was there; not counted beyond the patience.
        package var seen: Int
        /// Looks in a row in which it was not there.
        package var missed: Int
        /// When it was told last; nil before the first time.
        package var toldAt: Timestamp?
    }

    /// Looks again.
    ///
    /// - Returns: what stands now, and what is to be told of it.
    package static func judge(
        _ findings: [HealthFinding], standing: [Standing], node: NodeID, at now: Timestamp
    ) -> (standing: [Standing], messages: [AlertMessage]) {
        // Two findings of one kind are one thing: the worse, which comes first.
        let found = Dictionary(
            findings.filter { $0.severity > .notice }.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        var kept: [Standing] = []
        var messages: [AlertMessage] = []
        for var one in standing {
            if let finding = found[one.kind] {
                let isWorse = finding.severity.rawValue > one.severity
                (one.severity, one.sentence, one.advice) = (finding.severity.rawValue, finding.sentence, finding.advice)
                (one.seen, one.missed) = (min(one.seen + 1, patience), 0)
                if let occasion = occasion(one, isWorse: isWorse, at: now) {
                    one.toldAt = now
                    messages.append(message(one, occasion, node, now))
                }
                kept.append(one)
            } else {
                one.missed += 1
                one.seen = 0
                if one.missed < patience, one.toldAt != nil { kept.append(one) }
                if one.missed >= patience, one.toldAt != nil { messages.append(message(one, .ended, node, now)) }
            }
        }
        let known = Set(standing.map(\.kind))
        for finding in findings where finding.severity > .notice && !known.contains(finding.kind) && found[finding.kind] == finding {
            kept.append(
                Standing(
                    kind: finding.kind, severity: finding.severity.rawValue, sentence: finding.sentence,
                    advice: finding.advice, beganAt: now, seen: 1, missed: 0))
        }
        return (kept, messages)
    }

    private static func occasion(_ one: Standing, isWorse: Bool, at now: Timestamp) -> AlertMessage.Occasion? {
        guard one.seen >= patience || one.toldAt != nil else { return nil }
        guard let toldAt = one.toldAt else { return .began }
        if isWorse { return .began }
        return now.duration(since: toldAt) >= reminder ? .lasts : nil
    }

    private static func message(
        _ one: Standing, _ occasion: AlertMessage.Occasion, _ node: NodeID, _ now: Timestamp
    ) -> AlertMessage {
        AlertMessage(
            occasion: occasion, kind: one.kind, severity: HealthFinding.Severity(rawValue: one.severity)?.name ?? "warning",
            sentence: one.sentence, advice: one.advice, node: "\(node)", since: one.beganAt.seconds, time: now.seconds)
    }
}
