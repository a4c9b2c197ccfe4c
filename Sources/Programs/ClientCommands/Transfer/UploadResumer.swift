package import Uplink

/// Uploads large files so that the next run of the same command continues them.
package struct UploadResumer: Sendable {
    private let project: Project
    private let store: CheckpointStore
    /// The text of the grant, of which the store keeps a hash.
    private let grant: String

    /// A resumer that keeps checkpoints in a store.
    package init(project: Project, store: CheckpointStore, grant: String) {
        self.project = project
        self.store = store
        self.grant = grant
    }

    /// Uploads a file, or continues its upload.
    ///
    /// A broken line or a signal leaves what was sent for the next run; after other errors it is given up.
    func upload(
        _ path: String, to target: RemotePath, options: UploadOptions, _ entry: ProgressBoard.Entry,
        notify: @escaping @Sendable (String) -> Void
    ) async throws -> Object {
        let slot = try store.slot(source: path, target: target, grant: grant)
        let note = ResumptionNote(name: path, notify: notify)
        let checkpoint = slot.load()
        if let checkpoint, try FileFingerprint(path: path) != checkpoint.source {
            notify("\(path.printable) has changed since its upload began; starting over")
        }
        do {
            let object = try await project.upload(
                file: path, bucket: target.bucket, key: target.key, options: options, checkpoint: checkpoint,
                save: { try slot.save($0) }
            ) { progress in
                note.tell(progress)
                entry.update(progress)
            }
            slot.clear()
            return object
        } catch {
            if Self.isWorthContinuing(after: error) { note.tellKept(isExact: false) } else { await abandon(slot) }
            throw error
        }
    }

    private static func isWorthContinuing(after error: any Error) -> Bool {
        if error is CancellationError { return true }
        guard let error = error as? UplinkError else { return false }
        switch error.code {
        case .satelliteUnreachable, .notEnoughNodes, .tooManyRequests, .satelliteError: return true
        default: return false
        }
    }

    private func abandon(_ slot: CheckpointStore.Slot) async {
        if let checkpoint = slot.load() {
            // The upload may be gone already; what matters is the error that led here.
            try? await project.abortUpload(checkpoint.upload)
        }
        slot.clear()
    }
}
