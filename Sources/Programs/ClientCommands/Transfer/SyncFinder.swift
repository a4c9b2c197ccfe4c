import Foundation
import Synchronization
package import Uplink

/// Finds what a target lacks of a source, and what it has too much.
package final class SyncFinder: Sendable {
    private let source: Location
    private let target: Location
    private let filter: NameFilter
    private let comparison: SyncComparison
    private let ledger: Mutex<SyncLedger>
    private let sourceCount = Atomic(0)

    /// A finder for one-way synchronisation; one of the ends is remote.
    package init(source: Location, target: Location, filter: NameFilter, comparison: SyncComparison) {
        self.source = source
        self.target = target
        self.filter = filter
        self.comparison = comparison
        ledger = Mutex(SyncLedger(targets: [:], comparison: comparison))
    }

    /// How many files or objects the source has.
    package var foundCount: Int { sourceCount.load(ordering: .relaxed) }
    /// What only the target has, once the source has been read to its end.
    package var surplus: [RelativeName] { ledger.withLock { $0.surplus } }

    /// Reads the target, then the source, and emits what has to be transferred.
    ///
    /// - Parameter unchanged: called for each file or object that the target has already.
    /// - Throws: what `emit` throws; `UplinkError` when an end cannot be listed.
    package func find(
        _ project: Project, unchanged: () -> Void, emit: (TransferFinding) async throws -> Void
    ) async throws {
        let targets = try await targets(project)
        ledger.withLock { $0 = SyncLedger(targets: targets, comparison: comparison) }
        switch source {
        case .local(let folder): try await findFiles(in: folder, unchanged, emit)
        case .remote(let path): try await findObjects(path, project, unchanged, emit)
        case .standardStreams: preconditionFailure("a stream is no folder")
        }
    }

    private func targets(_ project: Project) async throws -> [RelativeName: SyncComparison.Facts] {
        var targets: [RelativeName: SyncComparison.Facts] = [:]
        switch target {
        case .local(let folder):
            for case .file(let name, let facts) in FolderWalk(folder: folder, filter: filter) { targets[name] = facts.forSync }
        case .remote(let path):
            for try await object in objects(path, project) {
                guard let name = RelativeName(object.key, below: target.treePrefix), filter.admits(name) else { continue }
                targets[name] = object.forSync
            }
        case .standardStreams: preconditionFailure("a stream is no folder")
        }
        return targets
    }

    private func findFiles(
        in folder: String, _ unchanged: () -> Void, _ emit: (TransferFinding) async throws -> Void
    ) async throws {
        for item in FolderWalk(folder: folder, filter: filter) {
            switch item {
            case .file(let name, let facts):
                try await take(name, facts.forSync, unchanged, emit)
            case .skipped(let name, let reason):
                ledger.withLock { $0.keep(name) }
                try await emit(.skipped(place(name, in: folder), reason: reason))
            case .failed(let name, let reason):
                let file = place(name, in: folder)
                try await emit(.failed(file, CommandFailure(.failure, "\(file): \(reason)")))
            }
        }
    }

    private func findObjects(
        _ path: RemotePath, _ project: Project, _ unchanged: () -> Void, _ emit: (TransferFinding) async throws -> Void
    ) async throws {
        for try await object in objects(path, project) {
            guard let name = RelativeName(object.key, below: source.treePrefix), filter.admits(name) else { continue }
            if case .local = target, object.size == 0, name.text.isEmpty || name.text.utf8.last == UInt8(ascii: "/") {
                // It stands for a folder, which its files will make.
                sourceCount.add(1, ordering: .relaxed)
                continue
            }
            try await take(name, object.forSync, unchanged, emit)
        }
    }

    private func take(
        _ name: RelativeName, _ facts: SyncComparison.Facts, _ unchanged: () -> Void,
        _ emit: (TransferFinding) async throws -> Void
    ) async throws {
        sourceCount.add(1, ordering: .relaxed)
        guard ledger.withLock({ $0.take(name, facts) }) else { return unchanged() }
        let from = sourcePlace(name)
        let finding: TransferFinding
        do {
            finding = .transfer(Transfer(source: from, target: try target.place(of: name), size: facts.size))
        } catch {
            finding = .failed(from, CommandFailure(.failure, "\(from) cannot become a local file: \(error)"))
        }
        try await emit(finding)
    }

    private func sourcePlace(_ name: RelativeName) -> Location {
        switch source {
        case .local(let folder): place(name, in: folder)
        case .remote(let path): .remote(path.appending(name.text))
        case .standardStreams: source
        }
    }

    private func place(_ name: RelativeName, in folder: String) -> Location {
        .local(path: folder.utf8.last == UInt8(ascii: "/") ? folder + name.text : folder + "/" + name.text)
    }

    private func objects(_ path: RemotePath, _ project: Project) -> AsyncCompactMapSequence<ObjectListing, Object> {
        var options = ListOptions(prefix: Location.remote(path).treePrefix, isRecursive: true)
        options.includesCustomMetadata = comparison == .modified
        return project.objects(bucket: path.bucket, options: options).compactMap { item in
            item.object.flatMap { $0.isDeleteMarker ? nil : $0 }
        }
    }
}

extension FileFacts {
    /// What is compared of a file.
    fileprivate var forSync: SyncComparison.Facts { .init(size: size, modified: modified, stored: modified) }
}

extension Object {
    /// What is compared of an object.
    fileprivate var forSync: SyncComparison.Facts {
        .init(
            size: size, modified: metadata[FileTime.metadataKey].flatMap { FileTime($0) }, stored: createdAt.map { FileTime($0) })
    }
}
