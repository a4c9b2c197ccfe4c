package import AccessGrants
import Chores
import DRPC
import Encryption
import Logging
package import PieceTransfer
package import StorageModel

/// A project at a satellite, opened with an access grant: everything starts here.
///
/// ```swift
/// try await Project.with(Access(text)) { project in
///     try await project.ensureBucket("photos")
///     for try await item in project.objects(bucket: "photos") { print(item.key) }
/// }
/// ```
///
/// A project may be used by many tasks at the same time. All its methods throw `UplinkError`, or `CancellationError`
/// when their task is cancelled.
public final class Project: Sendable {
    let grant: AccessGrant
    let keys: KeyRing
    let configuration: Configuration
    let settings: UplinkSettings
    let metainfo: MetainfoClient
    let passphrase: PassphraseProbe
    let connections: ClientConnections
    let random: RandomSource
    let clock: WallClock
    let data: DataPlane

    /// Everything a project is made of, in tests a network without sockets as well.
    ///
    /// - Parameters:
    ///   - pause: waits before an unreachable satellite is dialled again.
    ///   - transfers: how eagerly pieces are moved.
    /// - Throws: `.invalidAccess` when the grant's satellite address is none.
    package init(
        grant: AccessGrant, configuration: Configuration, settings: UplinkSettings = UplinkSettings(),
        connections: ClientConnections, random: RandomSource, clock: WallClock,
        pause: @escaping @Sendable (Duration) async throws -> Void,
        transfers: TransferSettings = TransferSettings()
    ) throws(UplinkError) {
        self.grant = grant
        self.configuration = configuration
        self.settings = settings
        self.connections = connections
        self.random = random
        self.clock = clock
        keys = KeyRing(grant.encryption, showsEncryptedKeys: configuration.showsEncryptedKeys)
        metainfo = MetainfoClient(
            satellite: try .satellite(grant.satelliteAddress), apiKey: grant.apiKey, configuration: configuration,
            settings: settings, dialer: connections.dialer, pause: pause)
        passphrase = PassphraseProbe(
            metainfo: metainfo, keys: keys, settings: settings,
            isEnabled: configuration.passphraseCheck == .on && !configuration.showsEncryptedKeys)
        data = DataPlane(
            configuration: configuration, dialer: connections.dialer,
            clock: TransferClock(now: clock.now, sleep: pause), settings: transfers)
    }

    /// Opens a project. Makes no call: whether the satellite answers shows with the first one.
    ///
    /// - Throws: `UplinkError` when the grant's satellite address is none.
    public static func open(
        _ access: Access, configuration: Configuration = Configuration()
    ) async throws -> Project {
        let connections = try ClientConnections(configuration, random: .system)
        do {
            return try Project(
                grant: access.grant, configuration: configuration, connections: connections, random: .system,
                clock: .system, pause: { try await Task.sleep(for: $0) })
        } catch {
            await connections.shutdown()
            throw error
        }
    }

    /// Opens a project, runs `body` and closes the project, also when `body` throws.
    @discardableResult
    public static func with<Result>(
        _ access: Access, configuration: Configuration = Configuration(),
        _ body: (Project) async throws -> Result
    ) async throws -> Result {
        let project = try await open(access, configuration: configuration)
        do {
            let result = try await body(project)
            await project.close()
            return result
        } catch {
            await project.close()
            throw error
        }
    }

    /// Closes connections and ends threads. Calls that are still under way fail.
    public func close() async {
        await data.shutdown()
        await connections.shutdown()
    }
}

extension NodeURL {
    /// The address in an access grant.
    ///
    /// - Throws: `.invalidAccess` when it is none.
    static func satellite(_ address: String) throws(UplinkError) -> NodeURL {
        let advice = "It has the form NODEID@HOST:PORT"
        do {
            let url = try NodeURL(text: address)
            if !url.id.isZero, url.hostAndPort != nil { return url }
        } catch {
            throw UplinkError(
                .invalidAccess, "\"\(address)\" is not the address of a satellite: \(error)", advice: advice)
        }
        throw UplinkError(.invalidAccess, "\"\(address)\" is not the address of a satellite", advice: advice)
    }
}
