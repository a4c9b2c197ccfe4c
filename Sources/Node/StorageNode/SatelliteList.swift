import PieceStore
package import StorageModel
import Synchronization

/// What the farmer changed about the satellites of the settings: those added, those forgotten.
final class SatelliteList: Sendable {
    private struct Saved: Codable {
        var added: [String] = []
        var forgotten: [String] = []
    }

    private let file: StateFile<Saved>
    private let pool: BlockingPool
    private let saved: Mutex<Saved>

    /// The list as it was left in `folder`, which must exist. Blocks.
    ///
    /// - Throws: `PieceStoreError` when the disk fails or the file is damaged.
    init(folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool) throws {
        file = StateFile(folder: folder, name: "satellites.json", fileSystem: fileSystem)
        self.pool = pool
        saved = Mutex(try file.load() ?? Saved())
    }

    /// The satellites that are worked for when the settings name these.
    func worked(for settings: [NodeURL]) -> [NodeURL] {
        let saved = saved.withLock { $0 }
        let forgotten = Set(saved.forgotten)
        // What stands in the file was parsed before it was written.
        let added = saved.added.compactMap { try? NodeURL(text: $0) }
        let ids = Set(added.map(\.id))
        return (settings.filter { !ids.contains($0.id) } + added).filter { !forgotten.contains("\($0.id)") }
    }

    /// Adds a satellite, durably.
    func add(_ satellite: NodeURL) async throws {
        try await change { saved in
            saved.forgotten.removeAll { $0 == "\(satellite.id)" }
            saved.added.removeAll { $0.hasPrefix("\(satellite.id)@") }
            saved.added.append("\(satellite.id)@\(satellite.address)")
        }
    }

    /// Forgets a satellite, durably.
    func forget(_ satellite: NodeID) async throws {
        try await change { saved in
            saved.added.removeAll { $0.hasPrefix("\(satellite)@") }
            if !saved.forgotten.contains("\(satellite)") { saved.forgotten.append("\(satellite)") }
        }
    }

    private func change(_ change: @escaping @Sendable (inout Saved) -> Void) async throws {
        try await pool.run { [self] in
            var new = saved.withLock { $0 }
            change(&new)
            try file.save(new)
            saved.withLock { $0 = new }
        }
    }
}

/// Why the list of satellites stays as it is.
package enum SatelliteListError: Error, Hashable, CustomStringConvertible {
    /// The node works for it.
    case known(NodeID)
    /// It is not on the list.
    case unknown(NodeID)
    /// It is no satellite, but the node itself or nobody.
    case isNone(NodeID)

    package var description: String {
        switch self {
        case .known(let id): "the node works for satellite \(id) already"
        case .unknown(let id): "satellite \(id) is not on this node's list"
        case .isNone(let id): "\(id) is no satellite"
        }
    }
}
