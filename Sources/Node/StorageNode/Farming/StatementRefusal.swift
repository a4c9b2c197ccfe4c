package import Contracts

/// Why the node does not agree to a statement.
package enum StatementRefusal: Error, Hashable, CustomStringConvertible {
    /// Nobody the node works for, or somebody it does not work for.
    case payer(String)
    /// Another node, wallet, payer or channel.
    case otherParty(String)
    /// It is not signed by the payer's signer.
    case badSignature
    /// It contradicts itself or the statement before.
    case unsound(String)
    /// The node agreed to another statement of the period.
    case otherStatement
    /// The period is not over by the node's clock.
    case future
    /// The heartbeat is not the one the node signed.
    case otherHeartbeat
    /// The verdict is against the node, and it has shown everything.
    case verdict(String)
    /// A kind of service earns less than by the node's own figures.
    case tooLittle(ServiceKind, own: TokenAmount, stated: TokenAmount)
    /// The price of STORJ is too far from the node's own source.
    case quote(own: UInt64, stated: UInt64)
    /// The price of STORJ is of another pair or time.
    case quoteOfOtherTime
    /// More is held back than the farmer allows.
    case held(TokenAmount)
    /// There is a channel, and no voucher.
    case voucherMissing
    /// The voucher.
    case voucher(VoucherRefusal)

    package var description: String {
        switch self {
        case .payer(let reason): "this node does not work for the payer: \(reason)"
        case .otherParty(let what): "the statement names another \(what)"
        case .badSignature: "the statement is not signed by the payer's signer"
        case .unsound(let reason): "the statement does not add up: \(reason)"
        case .otherStatement: "another statement of this period was agreed to"
        case .future: "the period is not over by this node's clock"
        case .otherHeartbeat: "the heartbeat is not the one this node signed"
        case .verdict(let verdict): "the verdict is \(verdict), and this node has shown everything it was asked for"
        case .tooLittle(let kind, let own, let stated):
            "\(kind.name) earns \(own) STORJ by this node's figures, and \(stated) by the statement"
        case .quote(let own, let stated): "STORJ costs \(own) micro-dollars by this node's source, and \(stated) by the statement"
        case .quoteOfOtherTime: "the price of STORJ is not that of the period's end"
        case .held(let amount): "\(amount) STORJ are held back, which is more than this node allows"
        case .voucherMissing: "there is a channel, and no voucher for what is due"
        case .voucher(let refusal): "\(refusal)"
        }
    }
}
