package import Ethereum
package import StorageModel

/// The payer's word that periods are due. A newer one contains the older ones.
///
/// - Source: economy design §6.2.
package struct Receipt: Hashable, Sendable {
    /// The agreement.
    package var agreement: Bytes32
    /// The periods that are due.
    package var periods: PeriodSet

    /// A receipt.
    package init(agreement: Bytes32, periods: PeriodSet) {
        self.agreement = agreement
        self.periods = periods
    }

    private static let type = TypedStruct(
        "Receipt", [("agreement", .value(.fixedBytes(32))), ("mask", .value(.uint(256)))])

    /// What the agreement's signer signs.
    package func digest(in domain: SigningDomain) -> Bytes32 {
        do { return domain.digest(try Self.type.hash([.word(agreement), .uint(periods.mask)])) } catch {
            preconditionFailure("the values are of the type's fields")
        }
    }
}
