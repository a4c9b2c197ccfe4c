import Uplink

/// The health of an object for people.
struct HealthText {
    /// Networks shown at most: an object can lie in thousands.
    static let maximumNetworks = 20
    /// Characters of the longest bar.
    static let barWidth = 40

    let tally: HealthTally

    /// Facts about the whole object.
    func summary(of place: RemotePath) -> [String] {
        var facts = [(name: "object", value: place.description)]
        facts.append((name: "condition", value: tally.worst?.text ?? "no segments"))
        let conditions = SegmentHealth.Condition.allCases.compactMap { condition in
            tally.conditions[condition].map { "\($0) \(condition.text)" }
        }
        facts.append((name: "segments", value: "\(tally.segmentCount): \(conditions.joined(separator: ", "))"))
        if tally.queuedCount > 0 { facts.append((name: "", value: "\(tally.queuedCount) wait for repair")) }
        if tally.pieceCount > 0 {
            let states = SegmentHealth.State.allCases.compactMap { state in
                tally.states[state].map { "\($0) \(state.text)" }
            }
            facts.append((name: "pieces", value: "\(tally.pieceCount): \(states.joined(separator: ", "))"))
            facts.append((name: "nodes", value: "\(tally.nodes.count)"))
        }
        if let weakest = tally.weakest {
            facts.append(
                (
                    name: "weakest segment",
                    value: "\(weakest.position): \(weakest.retrievable) pieces can be had, \(weakest.required) are needed"
                ))
        }
        return FactList.lines(facts)
    }

    /// Where the pieces are.
    var map: [String] {
        guard tally.pieceCount > 0 else { return [] }
        var lines: [String] = []
        // Without a database of places the satellite knows no countries.
        if tally.countries.keys.contains(where: { $0 != "?" }) {
            lines += ["", "Pieces by country"] + Self.bars(tally.countries, limit: .max)
        }
        return lines + ["", "Pieces by network"] + Self.bars(tally.networks, limit: Self.maximumNetworks)
    }

    /// A row a place, the fullest first.
    private static func bars(_ counts: [String: Int], limit: Int) -> [String] {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let largest = sorted.first?.value ?? 1
        let width = sorted.prefix(limit).map(\.key.count).max() ?? 0
        let digits = "\(largest)".count
        var lines = sorted.prefix(limit).map { place, count in
            let length = max(1, count * barWidth / max(1, largest))
            let name = TextTable.padded(place.printable, to: width)
            return "  \(name)  \(TextTable.padded("\(count)", to: digits, .right))  \(String(repeating: "#", count: length))"
        }
        if sorted.count > limit {
            let rest = sorted.dropFirst(limit).reduce(0) { $0 + $1.value }
            lines.append("  and \(sorted.count - limit) more with \(rest) pieces")
        }
        return lines
    }

    /// A row a segment.
    static func table(_ segments: [SegmentHealth]) -> [String] {
        var table = TextTable([
            .init("SEGMENT", .right), .init("SIZE", .right), .init("CONDITION"), .init("HEALTHY", .right),
            .init("RETRIEVABLE", .right), .init("NEEDED", .right), .init("REPAIRED AT", .right), .init(""),
        ])
        for segment in segments {
            table.add([
                segment.position, SizeText.human(segment.encryptedSize), segment.condition.text, "\(segment.healthy)",
                "\(segment.retrievable)", "\(segment.required)", "\(segment.repair)",
                segment.isQueuedForRepair ? "waits for repair" : "",
            ])
        }
        return table.lines
    }

    /// A row a piece.
    static func pieces(of segment: SegmentHealth) -> [String] {
        var table = TextTable([
            .init("PIECE", .right), .init("STATE"), .init("CC"), .init("NETWORK"), .init("NODE"),
        ])
        for piece in segment.pieces {
            table.add(["\(piece.number)", piece.state.text, piece.country, piece.network, piece.node])
        }
        return ["segment \(segment.position), \(segment.condition.text)"] + table.lines
    }
}
