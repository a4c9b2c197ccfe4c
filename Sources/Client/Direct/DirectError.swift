package import Contracts
package import StorageModel

/// Why something between a customer and farmers cannot be done.
package enum DirectError: Error, Hashable, CustomStringConvertible {
    /// A node does not say properly what it asks, or takes no customers.
    case noOffer(NodeID, String)
    /// A node is paid on another ledger than ours.
    case otherLedger(NodeID)
    /// A price in dollars, and nobody knows what STORJ costs.
    case noQuote(NodeID)
    /// A node asks more than the customer wants to pay.
    case tooExpensive(NodeID, String)
    /// A node refuses what it was asked.
    case refused(NodeID, String)
    /// A node nobody has hired.
    case notHired(NodeID)
    /// Fewer farmers than the pieces of a segment need.
    case tooFewFarmers(needed: Int, there: Int)
    /// Nobody is left in the place of farmers that failed.
    case noOtherFarmers
    /// The wallet holds less than has to be locked.
    case balanceTooLow(needed: TokenAmount, there: TokenAmount)
    /// What a farmer wants for its traffic is more than its channel holds.
    case depositUsedUp(NodeID)
    /// There is no such object.
    case unknownObject(String)
    /// There is such an object already.
    case objectExists(String)
    /// A file is not as long as it was said to be.
    case sourceChanged(String)
    /// Terms that no agreement can have; the text says why.
    case badTerms(String)
    /// A farmer got more pieces in one deal than travel in one message.
    case tooManyPieces(NodeID)
    /// What comes back is not what was stored.
    case notAuthentic(String)
    /// The customer's own books do not fit together; the text names the part.
    case damaged(String)

    package var description: String {
        switch self {
        case .noOffer(let node, let reason): "node \(node) offers nothing: \(reason)"
        case .otherLedger(let node): "node \(node) is paid on another ledger or chain than yours"
        case .noQuote(let node): "node \(node) asks dollars and nobody says what STORJ costs"
        case .tooExpensive(let node, let reason): "node \(node) is too expensive: \(reason)"
        case .refused(let node, let reason): "node \(node) refuses: \(reason)"
        case .notHired(let node): "node \(node) is not hired"
        case .tooFewFarmers(let needed, let there): "\(needed) farmers are needed and \(there) are hired"
        case .noOtherFarmers: "no other farmer is hired that could take the place of one that failed"
        case .balanceTooLow(let needed, let there): "\(needed) STORJ are to be locked and the wallet holds \(there)"
        case .depositUsedUp(let node): "the channel of node \(node) is used up: hire it again with a larger deposit"
        case .unknownObject(let name): "there is no object \(name)"
        case .objectExists(let name): "there is an object \(name) already"
        case .sourceChanged(let name): "\(name) changed while it was read"
        case .badTerms(let reason): "no agreement can have these terms: \(reason)"
        case .tooManyPieces(let node): "node \(node) would get too many pieces in one deal: store fewer files at once"
        case .notAuthentic(let name): "\(name) comes back altered"
        case .damaged(let part): "the customer's books are damaged: \(part)"
        }
    }
}
