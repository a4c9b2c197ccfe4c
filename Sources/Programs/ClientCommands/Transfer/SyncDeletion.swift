import Foundation
package import Uplink

/// Deletes what only the target of a synchronisation has.
package struct SyncDeletion: Sendable {
    /// Objects in one request.
    private static let batch = 1000

    private let target: Location
    private let project: Project
    private let report: TransferReport
    private let isDryRun: Bool

    /// Deletions at a target.
    package init(target: Location, project: Project, report: TransferReport, isDryRun: Bool) {
        self.target = target
        self.project = project
        self.report = report
        self.isDryRun = isDryRun
    }

    /// Deletes what has these names.
    ///
    /// - Throws: when a request as a whole is refused, or the output cannot be written.
    package func delete(_ names: [RelativeName]) async throws {
        switch target {
        case .local(let folder):
            for name in names {
                try Task.checkCancellation()
                try delete(file: name, in: folder)
            }
        case .remote(let path):
            for start in stride(from: 0, to: names.count, by: Self.batch) {
                try await delete(objects: names[start..<min(start + Self.batch, names.count)], below: path)
            }
        case .standardStreams: preconditionFailure("a stream is no folder")
        }
    }

    private func delete(file name: RelativeName, in folder: String) throws {
        let path = try SafeName.path(of: name, below: folder)
        let record = TransferRecord(.delete, source: nil, target: path)
        guard !isDryRun else { return try report.succeeded(record) }
        guard unlink(path) == 0 || errno == ENOENT else {
            return try report.failed(record, CommandFailure(.failure, "cannot delete \(FileRefusal(path: path))"))
        }
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { LocalFolders.prune(String(path[..<slash]), upTo: folder) }
        try report.succeeded(record)
    }

    private func delete(objects names: ArraySlice<RelativeName>, below path: RemotePath) async throws {
        let paths = names.map { path.appending($0.text) }
        guard !isDryRun else {
            for path in paths { try report.succeeded(record(path)) }
            return
        }
        let results = try await project.deleteObjects(bucket: path.bucket, paths.map { ObjectReference(key: $0.key) })
        for (path, result) in zip(paths, results) {
            switch result.outcome {
            case .deleted, .notFound: try report.succeeded(record(path))
            case .permissionDenied: try fail(path, .permissionDenied, "the grant does not allow it")
            case .locked: try fail(path, .objectLocked, "it is under retention or legal hold")
            case .failed: try fail(path, .satelliteError, "the satellite failed; try again")
            }
        }
    }

    private func fail(_ path: RemotePath, _ code: UplinkError.Code, _ reason: String) throws {
        try report.failed(record(path), UplinkError(code, "cannot delete \(path): \(reason)"))
    }

    private func record(_ path: RemotePath) -> TransferRecord {
        TransferRecord(.delete, source: nil, target: path.description)
    }
}
