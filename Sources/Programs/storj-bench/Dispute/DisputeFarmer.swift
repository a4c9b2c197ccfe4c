import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import StorageModel
import StorageNode

/// A farmer's node over TLS, with a wallet.
final class DisputeFarmer: Sendable {
    let url: NodeURL
    private let folder: URL
    private let node: StorageNode
    private let run: Task<Void, Never>
    private let dialer: TLSDialer

    init(folder: URL, wallet: PrivateKey, world: any DisputeWorld, loops: RPCEventLoops, logger: Logger) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let identity = NodeIdentity.generate(random: .system)
        dialer = try TLSDialer(identity: identity, settings: RPCDialerSettings(), eventLoops: loops)
        var settings = StorageNodeSettings()
        settings.minimumAllocatedSpace = 0
        settings.allocatedSpace = 1 << 30
        settings.farming.firstPrices = FarmerPrices(
            denomination: .storj, storage: 6_000_000_000, egress: 800_000_000, repair: 0, audit: 0)
        settings.farming.maximumCollateral = TokenAmount(1000 * TokenAmount.unitsPerToken)
        // What is shown is how a dispute ends, also where it is not worth its fee.
        settings.farming.claimFactor = 0
        var parts = StorageNodeParts(
            identity: identity, folder: folder.path, dialer: dialer, eventLoops: loops, clock: world.clock,
            sleeper: .system, random: .system, logger: logger)
        parts.farming = FarmingParts(
            keys: FarmerKeys(walletKey: wallet, hotKey: .generate(random: .system)), backend: world.backend,
            quotes: FixedQuotes(microUSD: 250_000), database: try Database.open(.memory))
        let node = try await StorageNode(settings: settings, parts: parts)
        self.node = node
        url = NodeURL(id: identity.id, address: node.boundAddress)
        run = Task {
            // How a node that was told to stop ends does not matter.
            do { try await node.run() } catch {}
        }
    }

    /// Lets the farmer look after its agreements now.
    func tend() async throws {
        for chore in node.chores where chore.name == "agreements" { try await chore.triggerAndWait() }
    }

    /// Overwrites every log of pieces, as a dead disk does.
    func damage() throws {
        let pieces = folder.appending(path: "pieces")
        guard let files = FileManager.default.enumerator(at: pieces, includingPropertiesForKeys: nil) else { return }
        for case let file as URL in files where file.lastPathComponent.contains("log") {
            let handle = try FileHandle(forUpdating: file)
            let size = Int(try handle.seekToEnd())
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: size))
            try handle.close()
        }
    }

    /// Stops the node and waits until it is down.
    func stop() async {
        run.cancel()
        await run.value
        await dialer.close()
    }
}
