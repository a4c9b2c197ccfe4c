import Crypto
import Heartbeats
package import PieceStore
import StorageModel
import Synchronization

/// What the node has signed for each satellite's last periods: the only secrets it answers to. Kept on the disk.
package final class HeartbeatPledges: Sendable {
    /// One commitment, without the set that only the satellite knows.
    struct Pledge: Codable, Hashable, Sendable {
        /// The period.
        let period: UInt64
        /// What the secret must hash to.
        let secretHash: [UInt8]
        /// Samples that may be asked for.
        let sampleCount: UInt32
        /// When the period ends, in microseconds since 1970.
        let end: Int64
        /// SHA-256 of what was signed.
        let digest: [UInt8]
    }

    /// Periods remembered of each satellite; older ones have ended long ago.
    private static let depth = 8

    private let folder: String
    private let fileSystem: any FileSystem
    private let pool: BlockingPool
    private let pledges: Mutex<[NodeID: [Pledge]]>

    /// The commitments in `folder`, which is made when it does not exist; blocks.
    ///
    /// - Throws: `PieceStoreError` when the disk fails. A damaged file counts as none: the node answers then without it.
    package init(folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool) throws {
        self.folder = folder
        self.fileSystem = fileSystem
        self.pool = pool
        try fileSystem.createFolder(folder)
        var known: [NodeID: [Pledge]] = [:]
        for name in try fileSystem.list(folder) where name.hasSuffix(".json") {
            guard let satellite = try? NodeID(text: String(name.dropLast(5))) else { continue }
            do {
                known[satellite] = try StateFile(folder: folder, name: name, fileSystem: fileSystem).load()
            } catch let error as PieceStoreError where error.code == .corrupt { continue }
        }
        pledges = Mutex(known)
    }

    /// What was signed for a period; nil when nothing was, or it is forgotten.
    func pledge(satellite: NodeID, period: UInt64) -> Pledge? {
        pledges.withLock { $0[satellite]?.first { $0.period == period } }
    }

    /// Remembers a commitment, durably; false when another one was signed for its period.
    func remember(_ commitment: HeartbeatCommitment) async throws -> Bool {
        let satellite = commitment.period.satellite
        let pledge = Pledge(
            period: commitment.period.number, secretHash: commitment.period.secretHash.bytes,
            sampleCount: commitment.sampleCount, end: commitment.period.end.microseconds,
            digest: Array(SHA256.hash(data: commitment.signingBytes)))
        return try await pool.run { [self] in
            // Held while the file is written, so that two commitments cannot both be the first.
            try pledges.withLock { pledges in
                var known = pledges[satellite] ?? []
                if let present = known.first(where: { $0.period == pledge.period }) { return present == pledge }
                known.append(pledge)
                if known.count > Self.depth { known.removeFirst(known.count - Self.depth) }
                try StateFile<[Pledge]>(folder: folder, name: "\(satellite).json", fileSystem: fileSystem).save(known)
                pledges[satellite] = known
                return true
            }
        }
    }
}
