internal import AccessGrants
internal import Encryption
internal import Macaroons
internal import StorageModel

/// What an access allows, as far as it says so itself. The satellite may know more: revocations, for instance.
public struct AccessInspection: Hashable, Sendable, Codable {
    /// The satellite, as `NODEID@HOST:PORT`.
    public var satellite: String
    /// The public name of the API key, in hexadecimal; the same for all accesses shared from one key.
    public var keyHead: String
    /// What all caveats together leave allowed.
    public var permission: Permission
    /// The only places the access reaches; empty when it reaches the whole project.
    public var prefixes: [SharePrefix]
    /// How many places the API key allows for which the access has no keys.
    public var unreadablePrefixes: Int
    /// Whether object keys are encrypted.
    public var encryptsKeys: Bool
    /// Whether the access has the key of the whole project.
    public var hasProjectKey: Bool
    /// Every restriction of the API key, oldest first.
    public var caveats: [AccessCaveat]
}

/// One restriction of an API key.
public struct AccessCaveat: Hashable, Sendable, Codable {
    /// A place as the satellite sees it.
    public struct Place: Hashable, Sendable, Codable {
        /// The bucket's name.
        public var bucket: String
        /// The encrypted prefix, in hexadecimal.
        public var encryptedPrefix: String
    }

    /// What it leaves allowed.
    public var permission: Permission
    /// The only places it leaves; empty for all.
    public var places: [Place]
    /// What makes the restriction distinct from equal ones, in hexadecimal.
    public var nonce: String
    /// False when the bytes cannot be read; satellites refuse such a key.
    public var isReadable: Bool
}

extension Access {
    /// What this access allows.
    public var inspection: AccessInspection {
        let caveats = grant.apiKey.caveats.map { try? Caveat(encoded: $0) }
        var permission = Permission.everything
        for caveat in caveats {
            permission = permission.intersection(caveat.map { Permission($0) } ?? Permission())
        }
        let groups = caveats.compactMap { $0?.allowedPaths }.filter { !$0.isEmpty }
        let reachable = grant.encryption.entries.map { entry in
            SharePrefix(
                bucket: String(decoding: entry.bucket, as: UTF8.self),
                prefix: String(decoding: entry.unencryptedPath.bytes, as: UTF8.self))
        }
        let isConfined = !groups.isEmpty
        let allowed = Set(groups.last ?? []).count
        return AccessInspection(
            satellite: satellite, keyHead: Hexadecimal.encode(grant.apiKey.head), permission: permission,
            prefixes: isConfined ? reachable : [],
            unreadablePrefixes: isConfined ? max(0, allowed - reachable.count) : 0,
            encryptsKeys: grant.encryption.defaultPathCipher != .null,
            hasProjectKey: grant.encryption.defaultKey != nil, caveats: caveats.map(AccessCaveat.init))
    }
}

extension AccessCaveat {
    fileprivate init(_ caveat: Caveat?) {
        guard let caveat else {
            self.init(permission: Permission(), places: [], nonce: "", isReadable: false)
            return
        }
        self.init(
            permission: Permission(caveat),
            places: caveat.allowedPaths.map {
                Place(
                    bucket: String(decoding: $0.bucket, as: UTF8.self),
                    encryptedPrefix: Hexadecimal.encode($0.encryptedPrefix))
            }, nonce: Hexadecimal.encode(caveat.nonce), isReadable: true)
    }
}

extension Permission {
    /// What a key without caveats allows.
    fileprivate static var everything: Permission { Permission(Caveat()) }
}
