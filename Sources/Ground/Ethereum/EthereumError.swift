/// Why something of Ethereum cannot be read or made.
package enum EthereumError: Error, Hashable, CustomStringConvertible {
    /// A text or bytes that are not what they should be; the text names what.
    case malformed(String)
    /// A number that does not fit in its type.
    case outOfRange(String)
    /// The letters of an address do not agree with its checksum.
    case wrongChecksum(String)
    /// A private key outside the group's order.
    case invalidKey
    /// A signature nobody may use: high s, zero, or no key behind it.
    case invalidSignature
    /// A password that does not open a key file.
    case wrongPassword

    package var description: String {
        switch self {
        case .malformed(let what): "malformed \(what)"
        case .outOfRange(let what): "\(what) is out of range"
        case .wrongChecksum(let text): "address \(text) has a wrong checksum: a letter may be mistyped"
        case .invalidKey: "a private key is a number between 1 and the order of secp256k1"
        case .invalidSignature: "the signature is not a valid low-s secp256k1 signature"
        case .wrongPassword: "the password does not open the key file"
        }
    }
}
