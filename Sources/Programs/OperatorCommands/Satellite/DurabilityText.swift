import AdminAPI
import ClientCommands
import Foundation

/// How durable what is stored is, in words and tables.
enum DurabilityText {
    /// All classes in one line.
    static func summary(_ durability: DurabilityAnswer) -> String {
        guard durability.asOf != nil else { return "not looked at yet" }
        let classes = durability.classes
        func sum(_ count: KeyPath<DurabilityAnswer.Class, Int>) -> Int { classes.reduce(0) { $0 + $1[keyPath: count] } }
        return "\(Wording.number(sum(\.healthy))) healthy, \(Wording.number(sum(\.retrievable))) to be repaired, "
            + "\(Wording.number(sum(\.atRisk))) at risk, \(Wording.number(sum(\.lost))) lost; "
            + "\(Wording.number(durability.inlineCount)) inline"
    }

    /// One row a class.
    static func table(_ durability: DurabilityAnswer) -> [String] {
        var table = TextTable([
            .init("CLASS"), .init("PLACEMENT", .right), .init("SEGMENTS", .right), .init("SIZE", .right),
            .init("HEALTHY", .right), .init("TO REPAIR", .right), .init("AT RISK", .right), .init("LOST", .right),
            .init("MISSING PIECES", .right), .init("LOWEST", .right), .init("SURVIVES A YEAR", .right),
        ])
        for group in durability.classes {
            table.add([
                group.redundancy, "\(group.placement)", Wording.number(group.segments), SizeText.human(group.bytes),
                Wording.number(group.healthy), Wording.number(group.retrievable), Wording.number(group.atRisk),
                Wording.number(group.lost), Wording.number(group.missingPieces),
                group.histogram.firstIndex { $0 > 0 }.map(String.init) ?? "-", Wording.percent(group.expectedSurvival),
            ])
        }
        return table.lines
    }

    /// Segments by their count of healthy pieces, with the thresholds marked.
    static func histogram(_ group: DurabilityAnswer.Class, width: Int = 50) -> [String] {
        let largest = group.histogram.max() ?? 0
        let marks = [
            group.requiredShares: "required", group.repairShares: "repair", group.optimalShares: "optimal",
        ]
        var table = TextTable([.init("PIECES", .right), .init("SEGMENTS", .right), .init(""), .init("")])
        for (pieces, count) in group.histogram.enumerated() where count > 0 || marks[pieces] != nil {
            let length = largest == 0 ? 0 : Int((Double(count) / Double(largest) * Double(width)).rounded(.up))
            table.add([
                "\(pieces)", Wording.number(count), String(repeating: "#", count: length),
                marks[pieces].map { "<- \($0)" } ?? "",
            ])
        }
        return ["\(group.redundancy), placement \(group.placement)"] + table.lines
    }
}
