/// Why a signed message does not count.
package enum MessageRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no such message, or its values make no sense; the text names what.
    case malformed(String)
    /// It is about another node than the one that shows it.
    case otherNode
    /// It names another wallet than the binding.
    case otherWallet
    /// It is not signed by who must have signed it; the text names whom.
    case wrongSignature(String)
    /// Its time is over.
    case expired
    /// A newer one is known.
    case old(known: UInt64)
    /// Another one with the same number is known.
    case contradicting(sequence: UInt64)

    package var description: String {
        switch self {
        case .malformed(let what): "malformed: \(what)"
        case .otherNode: "it is about another node"
        case .otherWallet: "it names another wallet than the binding"
        case .wrongSignature(let whose): "the \(whose)'s signature does not fit"
        case .expired: "its time is over"
        case .old(let known): "a newer one is known, number \(known)"
        case .contradicting(let sequence): "another one with number \(sequence) is known"
        }
    }
}
