/// Why a record of the gateway cannot be read or kept.
package enum GatewayRecordsError: Error, Hashable, CustomStringConvertible {
    /// The gateway's own key is not what it should be; the text says how.
    case key(String)
    /// An access key id or a secret that was chosen by hand breaks a rule; the text names it.
    case unusableCredential(String)
    /// There is a credential with that access key id already.
    case credentialExists
    /// A record was changed by somebody else than the gateway, or was sealed under another key.
    case damaged(String)

    package var description: String {
        switch self {
        case .key(let reason): "the gateway's key cannot be used: \(reason)"
        case .unusableCredential(let reason): reason
        case .credentialExists: "this access key id is registered already"
        case .damaged(let record): "\(record) does not open: it was changed, or sealed under another key"
        }
    }
}
