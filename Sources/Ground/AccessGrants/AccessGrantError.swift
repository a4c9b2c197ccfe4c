package import Encryption
package import Macaroons

/// Why a text is not an access grant, or a grant cannot be shared as asked.
package enum AccessGrantError: Error, Hashable, CustomStringConvertible {
    /// Not base58check of version 0, or not the grant's message.
    case malformed
    /// The grant names no satellite.
    case noSatellite
    /// A key in the grant is not 32 bytes.
    case badKey
    /// The API key in the grant.
    case badAPIKey(APIKeyError)
    /// The keys in the grant contradict each other, or do not reach the prefix to share.
    case encryption(EncryptionError)
    /// A share that would allow nothing, or end before it begins.
    case emptyPermission

    package var description: String {
        switch self {
        case .malformed: "access grant is malformed"
        case .noSatellite: "access grant without satellite address"
        case .badKey: "access grant with a key of a wrong length"
        case .badAPIKey(let error): "access grant: \(error)"
        case .encryption(let error): "access grant: \(error)"
        case .emptyPermission: "permission is empty"
        }
    }
}
