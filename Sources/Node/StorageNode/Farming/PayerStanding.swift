/// How a payer stands with the farmer, and what the node does for it.
///
///     active ─1 period unpaid, deposit too small, ledger not seen─► paused ─n periods unpaid─► draining
///        ▲──────────────── a statement with its voucher, a view of the ledger ────────────────────┘
///     refused: its manifest does not fit; anything ends when it does
///
/// - Source: economy design §8, off-chain channel.
package enum PayerStanding: Hashable, Sendable {
    /// It is worked for.
    case active
    /// It gets no new pieces, because of this.
    case paused(String)
    /// Its customers are not served any more either, and everything is claimed. Audits and repairs are answered.
    case draining(String)
    /// It gets no new pieces: it does not pay in a way the node takes.
    case refused(String)

    /// Whether new pieces are taken.
    package var takesPieces: Bool { self == .active }

    /// Whether customers' downloads are served.
    package var servesCustomers: Bool {
        if case .draining = self { return false }
        return true
    }

    /// The word for people.
    package var name: String {
        switch self {
        case .active: "active"
        case .paused: "paused"
        case .draining: "draining"
        case .refused: "refused"
        }
    }

    /// Why it is not active; nil when it is.
    package var reason: String? {
        switch self {
        case .active: nil
        case .paused(let reason), .draining(let reason), .refused(let reason): reason
        }
    }
}

extension PayerStanding: CustomStringConvertible {
    package var description: String { reason.map { "\(name): \($0)" } ?? name }
}
