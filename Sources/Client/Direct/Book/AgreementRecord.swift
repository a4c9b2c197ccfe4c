package import Contracts
import Database
package import Ethereum
package import StorageModel

/// An agreement with one farmer about its pieces of one deal.
package struct AgreementRecord: Sendable, Hashable {
    /// How far it has come.
    package enum State: Int, Sendable, Hashable {
        /// The terms are fixed; the farmer has not signed.
        case proposed = 0
        /// The farmer has signed; it may not be on the ledger yet.
        case signed = 1
        /// On the ledger.
        case open = 2
        /// Every period is decided and the rest is back.
        case finished = 3
        /// The farmer did not sign; its pieces are not paid for and count for nothing.
        case refused = 4
    }

    /// What was stored with it.
    package var deal: StreamID
    /// Who stores.
    package var node: NodeID
    /// How far it has come.
    package var state: State
    /// What both sign.
    package var terms: AgreementTerms
    /// The farmer's name under the terms.
    package var farmerSignature: Signature?
    /// The periods a receipt was signed for: never fewer.
    package var receipt: PeriodSet
    /// The periods of the newest receipt that the farmer has.
    package var delivered: PeriodSet
    /// Why the farmer did not sign.
    package var refusal: String?

    /// The agreement's id.
    package var id: Bytes32 { terms.id }
}

extension AgreementRecord {
    static let columns = "id, deal, node, state, terms, farmer_signature, receipt, delivered, refusal"

    init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(3)), let receipt = Bytes32(row.blob(6)),
            let delivered = Bytes32(row.blob(7))
        else { throw DirectError.damaged("an agreement") }
        self.init(
            deal: try row.id(1), node: try row.id(2), state: state, terms: try AgreementTerms(encoded: row.blob(4)),
            farmerSignature: try row.optionalBlob(5).map { try Signature(encoded: $0) },
            receipt: PeriodSet(mask: UInt256(receipt)), delivered: PeriodSet(mask: UInt256(delivered)),
            refusal: row.optionalText(8))
    }

    var values: [SQLValue] {
        [
            SQLValue(id.bytes), SQLValue(deal), SQLValue(node), SQLValue(state.rawValue), SQLValue(terms.encoded),
            SQLValue(farmerSignature?.encoded), SQLValue(receipt.mask.bytes32.bytes),
            SQLValue(delivered.mask.bytes32.bytes), SQLValue(refusal),
        ]
    }
}

/// What became of the heartbeat of a period.
package struct PeriodRecord: Sendable, Hashable {
    /// The agreement.
    package var agreement: Bytes32
    /// Which of its periods.
    package var period: UInt64
    /// `passed`, `failed`, `unreachable`, `pending`.
    package var verdict: String
    /// Why.
    package var detail: String
    /// How often the farmer was asked.
    package var attempts: Int
    /// When it was asked last.
    package var time: Timestamp

    static let columns = "agreement, period, verdict, detail, attempts, at"
}
