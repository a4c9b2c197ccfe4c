package import Accounts
package import Contracts
import Database
package import StorageModel

/// Money from a card.
package struct CardPayment: Sendable, Hashable {
    /// Where it stands. Nothing is charged before `confirming`, and nothing is credited before `succeeded`.
    package enum State: String, Sendable, Hashable {
        /// Wanted.
        case wanted
        /// The card service has a payment that waits for our word.
        case prepared
        /// The word was given, or was about to be: only the service knows what became of it.
        case confirming
        case succeeded
        case failed
    }

    /// Chosen by who asked: asking again with the same id is the same payment.
    package let id: String
    package let user: UserID
    package let amount: USDAmount
    package let state: State
    /// The service's name for it.
    package let intent: String?
    /// Why it failed; empty otherwise.
    package let note: String
    package let createdAt: Timestamp

    static let columns = "id, user_id, amount, state, intent, note, created_at"

    init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.text(3)) else {
            throw DatabaseError(.corrupt, "a card payment is not what was written")
        }
        id = row.text(0)
        user = try row.id(1, as: UserID.self)
        amount = USDAmount(micro: row.integer(2))
        self.state = state
        intent = row.optionalText(4)
        note = row.text(5)
        createdAt = row.timestamp(6)
    }
}
