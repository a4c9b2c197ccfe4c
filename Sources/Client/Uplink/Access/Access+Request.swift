internal import AccessGrants
internal import Encryption
internal import Macaroons
internal import StorageModel

extension Access {
    /// Makes the access of a project from its API key and a passphrase.
    ///
    /// Asks the satellite for the project's salt and derives the root key, which takes 64 MiB and about a tenth of a second.
    /// The same passphrase gives the same access every time; another one gives an access that decrypts nothing of what is
    /// stored.
    /// - Parameters:
    ///   - satellite: `NODEID@HOST:PORT`.
    ///   - apiKey: its text.
    ///   - encryptsKeys: whether object keys are encrypted; false lets the satellite see and sort them.
    /// - Throws: ``UplinkError/Code/invalidAccess``, ``UplinkError/Code/satelliteUnreachable``,
    ///   ``UplinkError/Code/permissionDenied``; `CancellationError`.
    public static func request(
        satellite: String, apiKey: String, passphrase: String, encryptsKeys: Bool = true,
        configuration: Configuration = Configuration()
    ) async throws -> Access {
        let key: APIKey
        do { key = try APIKey(text: trimmed(apiKey)) } catch {
            throw UplinkError(
                .invalidAccess, "not an API key: \(error)", advice: "Copy it whole, or make a new one for the project")
        }
        let address = trimmed(satellite)
        let url = try NodeURL.satellite(address)
        let connections = try ClientConnections(configuration, random: .system)
        let salt: [UInt8]
        do {
            let metainfo = MetainfoClient(
                satellite: url, apiKey: key, configuration: configuration, settings: UplinkSettings(),
                dialer: connections.dialer, pause: { try await Task.sleep(for: $0) })
            salt = try await metainfo.projectInfo().salt
            await connections.shutdown()
        } catch {
            await connections.shutdown()
            throw error
        }
        return try await grant(address, key, passphrase, salt, encryptsKeys)
    }

    private static func grant(
        _ satellite: String, _ key: APIKey, _ passphrase: String, _ salt: [UInt8], _ encryptsKeys: Bool
    ) async throws -> Access {
        let threads = FileThreads(count: 1)
        do {
            let grant = try await threads.run {
                try AccessGrant(
                    satelliteAddress: satellite, apiKey: key,
                    rootKey: .root(passphrase: Array(passphrase.utf8), salt: salt),
                    pathCipher: encryptsKeys ? .aesGCM : .null)
            }
            await threads.shutdown()
            return Access(grant: grant)
        } catch {
            await threads.shutdown()
            throw UplinkError(.invalidAccess, "the access cannot be made: \(error)")
        }
    }
}
