package import Macaroons
package import StorageModel

/// What the satellite keeps of an API key: enough to check every key restricted from it.
package struct APIKeyRecord: Sendable, Hashable, CustomStringConvertible {
    package let id: APIKeyID
    package let projectID: ProjectID
    /// The public part of the key, by which it is found; 1 to 64 bytes, 32 when minted here.
    package let head: [UInt8]
    /// The root of the key's tails; never leaves the satellite.
    package let secret: [UInt8]
    /// What the key may do beyond the basics.
    package let features: APIKeyFeatures
    /// Unique in its project.
    package let name: String
    /// The partner the key is attributed to, product tokens; empty for none.
    package let userAgent: [UInt8]
    package let createdAt: Timestamp

    /// Names the key without its secret.
    package var description: String { "API key \(id) of project \(projectID)" }
}

/// All that an authorizer needs to know about the head of a key.
package struct KeyLookup: Sendable {
    package let key: APIKeyRecord
    package let project: Project
    /// The project's limits, defaults filled in.
    package let limits: EffectiveLimits
    /// Whether the project or its owner is disabled.
    package let isDisabled: Bool
    /// Whether the project or its owner may not upload and download for now.
    package let isFrozen: Bool
}
