import Contracts

/// Why a farmer does not sign.
enum AgreementRefusal: Error, Hashable, CustomStringConvertible {
    case notTaken
    case coldWallet
    case malformed(String)
    case otherFarmer
    case wrongSignature
    case badTimes(String)
    case collateral(TokenAmount)
    case otherSet
    case price(asked: TokenAmount)
    case noPrice
    case missingPieces(Int)
    case expiringPieces

    var description: String {
        switch self {
        case .notTaken: "this farmer signs no agreements"
        case .coldWallet: "the farmer's wallet is kept elsewhere and cannot sign"
        case .malformed(let part): "malformed \(part)"
        case .otherFarmer: "the terms pay another wallet"
        case .wrongSignature: "the payer has not signed the terms for this ledger"
        case .badTimes(let reason): "the times do not fit: \(reason)"
        case .collateral(let most): "the collateral is above \(most) STORJ, or more than the wallet holds"
        case .otherSet: "the pieces are not those of the terms"
        case .price(let asked): "a period costs \(asked) STORJ"
        case .noPrice: "this farmer has no price now"
        case .missingPieces(let count): "\(count) of the pieces are not stored here as they are described"
        case .expiringPieces: "pieces expire before the last period can be proven"
        }
    }
}
