/// Why an API key was refused.
///
/// What a client sees of it is the endpoint's decision: a malformed key is an invalid argument, the others are one
/// and the same denial.
package enum APIKeyError: Error, Hashable, CustomStringConvertible {
    /// The bytes are not a key; the text says which rule they break.
    case malformed(String)
    /// The tail does not follow from the secret.
    case invalid
    /// A caveat, or the key's features, forbid the action.
    case unauthorized
    /// The key, or one it was made from, is revoked.
    case revoked

    package var description: String {
        switch self {
        case .malformed(let rule): "API key format: \(rule)"
        case .invalid: "API key is not valid"
        case .unauthorized: "API key does not allow the action"
        case .revoked: "API key is revoked"
        }
    }
}
