import Database
package import StorageModel

/// What was stored together, with one agreement a farmer.
package struct DealRecord: Sendable, Hashable {
    /// How far it has come.
    package enum State: Int, Sendable, Hashable {
        /// Pieces are being stored.
        case storing = 0
        /// Farmers are asked to sign.
        case agreeing = 1
        /// Every farmer that has pieces was asked.
        case running = 2
    }

    /// Its name among the customer's.
    package var id: StreamID
    /// How far it has come.
    package var state: State
    /// When it began.
    package var created: Timestamp
    /// When farmers may forget the pieces.
    package var expires: Timestamp
    /// What farmers are asked to sign.
    package var terms: DealTerms
}

extension DealRecord {
    static let columns =
        "id, state, created_at, expires_at, period, periods, proof_window, grace, collateral_periods"

    init(_ row: SQLRow) throws {
        var terms = DealTerms()
        let numbers = (4...8).map { UInt64(clamping: row.integer($0)) }
        (terms.period, terms.periodCount, terms.window) = (numbers[0], numbers[1], numbers[2])
        (terms.grace, terms.collateralPeriods) = (numbers[3], numbers[4])
        guard let state = State(rawValue: row.int(1)) else { throw DirectError.damaged("a deal") }
        self.init(
            id: try row.id(0), state: state, created: row.timestamp(2), expires: row.timestamp(3), terms: terms)
    }

    var values: [SQLValue] {
        [
            SQLValue(id), SQLValue(state.rawValue), SQLValue(created), SQLValue(expires),
            SQLValue(Int64(clamping: terms.period)), SQLValue(Int64(clamping: terms.periodCount)),
            SQLValue(Int64(clamping: terms.window)), SQLValue(Int64(clamping: terms.grace)),
            SQLValue(Int64(clamping: terms.collateralPeriods)),
        ]
    }
}

/// Something a customer stored.
package struct ObjectRecord: Sendable, Hashable {
    /// What the customer calls it.
    package var name: String
    /// Its name in the books.
    package var id: StreamID
    /// What it was stored with.
    package var deal: StreamID
    /// Plain bytes.
    package var size: Int64
    /// When it was stored.
    package var created: Timestamp
    /// Whether all of it is stored.
    package var isComplete: Bool

    static let columns = "name, id, deal, size, created_at, is_complete"

    init(name: String, id: StreamID, deal: StreamID, size: Int64, created: Timestamp) {
        self.name = name
        self.id = id
        self.deal = deal
        self.size = size
        self.created = created
        isComplete = false
    }

    init(_ row: SQLRow) throws {
        self.init(
            name: row.text(0), id: try row.id(1), deal: try row.id(2), size: row.integer(3), created: row.timestamp(4))
        isComplete = row.bool(5)
    }

    var values: [SQLValue] {
        [SQLValue(name), SQLValue(id), SQLValue(deal), SQLValue(size), SQLValue(created), SQLValue(isComplete)]
    }
}
