import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import StorageNode
import Synchronization
import TestSupport

/// A farmer: a node in a folder, over TLS, and a wallet.
final class TestFarmer: Sendable {
    let identity: NodeIdentity
    let wallet: PrivateKey
    let folder: URL
    private let hotKey: PrivateKey
    private let settings: StorageNodeSettings
    private let backend: any SettlementBackend
    private let clock: TestClock
    private let database: Database
    private let state: Mutex<(node: StorageNode, run: Task<Void, Never>, dialer: TLSDialer)?>
    private let place: Mutex<NodeURL>

    init(
        folder: URL, settings: StorageNodeSettings, backend: any SettlementBackend, clock: TestClock, random: RandomSource
    ) async throws {
        self.folder = folder
        self.settings = settings
        self.backend = backend
        self.clock = clock
        identity = NodeIdentity.generate(random: random)
        wallet = PrivateKey.generate(random: random)
        hotKey = PrivateKey.generate(random: random)
        database = try Database.open(.memory)
        state = Mutex(nil)
        place = Mutex(NodeURL(id: identity.id, address: ""))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await start()
    }

    /// Where the node is.
    var url: NodeURL { place.withLock { $0 } }

    /// Starts the node, at the same address as before.
    func start() async throws {
        var settings = settings
        if let port = url.hostAndPort?.port { settings.server.port = port }
        let dialer = try TLSDialer(
            identity: identity, settings: RPCDialerSettings(), eventLoops: DirectFixture.loops)
        var parts = StorageNodeParts(
            identity: identity, folder: folder.path, dialer: dialer, eventLoops: DirectFixture.loops,
            clock: clock.wallClock, sleeper: .system, random: .system, logger: DirectFixture.silent)
        parts.farming = FarmingParts(
            keys: FarmerKeys(walletKey: wallet, hotKey: hotKey), backend: backend, quotes: FixedQuotes(microUSD: 250_000),
            database: database)
        let node = try await StorageNode(settings: settings, parts: parts)
        place.withLock { $0 = NodeURL(id: identity.id, address: node.boundAddress) }
        let run = Task {
            // How a node that was told to stop ends does not matter.
            do { try await node.run() } catch {}
        }
        state.withLock { $0 = (node, run, dialer) }
    }

    /// Stops the node and waits until it is down.
    func stop() async {
        guard let (_, run, dialer) = state.withLock({ state in
            defer { state = nil }
            return state
        }) else { return }
        run.cancel()
        await run.value
        await dialer.close()
    }

    /// Lets the farmer look after its agreements now.
    func tend() async throws {
        guard let node = state.withLock({ $0?.node }) else { return }
        for chore in node.chores where chore.name == "agreements" { try await chore.triggerAndWait() }
    }

    /// Overwrites a part of every log of pieces, as a failing disk does; how many bytes.
    ///
    /// - Parameter share: in hundredths.
    @discardableResult
    func damage(percent share: Int) throws -> Int {
        var damaged = 0
        let pieces = folder.appending(path: "pieces")
        guard let files = FileManager.default.enumerator(at: pieces, includingPropertiesForKeys: [.fileSizeKey]) else { return 0 }
        for case let file as URL in files where file.lastPathComponent.contains("log") {
            let handle = try FileHandle(forUpdating: file)
            let size = Int(try handle.seekToEnd())
            let count = size * share / 100
            try handle.seek(toOffset: UInt64((size - count) / 2))
            try handle.write(contentsOf: Data(repeating: 0xA5, count: count))
            try handle.close()
            damaged += count
        }
        return damaged
    }
}
