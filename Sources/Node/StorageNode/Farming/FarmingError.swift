/// Why the farmer's side of money refuses something.
package enum FarmingError: Error, Hashable, CustomStringConvertible {
    /// Prices nobody may ask.
    case badPrices(String)
    /// The node is not paid: it has no wallet.
    case notFarming
    /// Nobody by that name pays the node.
    case unknownPayer(String)
    /// There is nothing to claim.
    case nothingToClaim
    /// A transfer of nothing.
    case nothingToSend
    /// The wallet's key is not at the node.
    case coldWallet
    /// Another claim is on its way.
    case claimUnderWay

    package var description: String {
        switch self {
        case .badPrices(let what): what
        case .notFarming: "this node has no wallet: see storj node wallet"
        case .unknownPayer(let text): "nobody called \(text) pays this node"
        case .nothingToClaim: "there is nothing to claim"
        case .nothingToSend: "a transfer needs an amount above zero"
        case .coldWallet: "the wallet's key is not at this node, and only it can do that"
        case .claimUnderWay: "a claim is under way already"
        }
    }
}
