package import DRPC
import Identity
import StorageModel

/// What a project needs of the network: threads, and a dialer with an identity that lives as long as the process.
///
/// Nobody checks the id of a client, so it is made in memory and never stored.
package struct ClientConnections: Sendable {
    /// Dials the satellite and nodes.
    let dialer: any RPCDialer
    private let close: @Sendable () async -> Void

    /// Starts the threads.
    ///
    /// - Throws: `UplinkError` when the TLS library refuses.
    init(_ configuration: Configuration, random: RandomSource) throws(UplinkError) {
        let loops = RPCEventLoops(threadCount: max(1, configuration.networkThreads))
        var settings = RPCDialerSettings()
        settings.dialTimeout = configuration.dialTimeout
        // Each segment on its way uses a connection to a node, and a handshake costs as much as 100 KiB of content.
        settings.maximumIdlePerNode = 16
        settings.maximumIdle = 500
        let dialer: TLSDialer
        do {
            dialer = try TLSDialer(identity: .generate(random: random), settings: settings, eventLoops: loops)
        } catch {
            throw UplinkError(.unsupported, "cannot prepare for TLS: \(error)")
        }
        self.dialer = dialer
        close = {
            await dialer.close()
            await loops.shutdown()
        }
    }

    /// Connections of somebody else, who closes them.
    package init(dialer: any RPCDialer) {
        self.dialer = dialer
        close = {}
    }

    /// Closes connections and ends the threads.
    func shutdown() async { await close() }
}
