import ConsoleKit
import PieceStore
import StorageModel
import StorageNode

/// A satellite in a list.
struct SatelliteRow: Sendable {
    let name: String
    let path: String
    let state: Pill
    let stored: Figure
    let audit: Figure
    let online: Figure
    let contact: Figure
    let payment: Pill

    static func rows(of snapshot: NodeSnapshot) -> [SatelliteRow] {
        snapshot.status.satellites.map { contact, isActive, usage in
            let reputation = snapshot.reputations[contact.satellite]
            let standing = snapshot.status.standings[contact.satellite]
            return SatelliteRow(
                name: contact.address, path: "/satellites/\(contact.satellite)",
                state: state(contact, isActive: isActive, reputation), stored: .bytes(usage.contentBytes),
                audit: reputation.map { .percent(Double($0.auditScore) / 1e6) } ?? .text("—"),
                online: reputation.map { .percent(Double($0.onlineScore) / 1e6) } ?? .text("—"),
                contact: contact.succeededAt.map { .ago($0, now: snapshot.takenAt) } ?? .text("never"),
                payment: standing.map { Pill($0.takesPieces ? .good : $0.servesCustomers ? .warning : .bad, $0.name) }
                    ?? Pill(.neutral, "unpaid"))
        }
    }

    static func state(_ contact: NodeContact, isActive: Bool, _ reputation: ReputationRow?) -> Pill {
        if !isActive { return Pill(.neutral, "left") }
        if reputation?.disqualifiedAt != nil { return Pill(.bad, "disqualified") }
        if reputation?.suspendedAt != nil || reputation?.offlineSuspendedAt != nil { return Pill(.bad, "suspended") }
        if contact.problem != nil { return Pill(.bad, "not reached") }
        if contact.succeededAt == nil { return Pill(.neutral, "first check-in") }
        if reputation?.underReviewAt != nil { return Pill(.warning, "under review") }
        return reputation?.vettedAt == nil ? Pill(.neutral, "in vetting") : Pill(.good, "trusted")
    }
}
