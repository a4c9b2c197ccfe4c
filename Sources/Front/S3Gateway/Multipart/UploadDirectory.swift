import S3Protocol
import Synchronization
package import Uplink

/// What the gateway remembers of uploads, so that a part costs no question to the satellite: what they began with, and of
/// those completed here what was answered, for clients that ask again.
package final class UploadDirectory: Sendable {
    /// Uploads remembered of either kind; beyond it all are forgotten at once, which costs one question each.
    private static let maximumCount = 4096

    private struct State {
        var begun: [UploadName: UploadFacts] = [:]
        var completed: [UploadName: CompletedAnswer] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Remembers an upload that was begun here.
    package func remember(_ name: UploadName, _ facts: UploadFacts) {
        state.withLock { state in
            if state.begun.count >= Self.maximumCount { state.begun = [:] }
            state.begun[name] = facts
        }
    }

    /// Remembers what was answered when an upload became an object.
    package func complete(_ name: UploadName, _ answer: CompletedAnswer) {
        state.withLock { state in
            state.begun[name] = nil
            if state.completed.count >= Self.maximumCount { state.completed = [:] }
            state.completed[name] = answer
        }
    }

    /// Forgets an upload that was aborted.
    package func forget(_ name: UploadName) {
        state.withLock { $0.begun[name] = nil }
    }

    /// What was answered when it was completed; nil when it was not, here and lately.
    package func answer(of name: UploadName) -> CompletedAnswer? {
        state.withLock { $0.completed[name] }
    }

    /// What an upload began with.
    ///
    /// - Throws: `NoSuchUpload`.
    package func facts(of name: UploadName, in project: Project) async throws -> UploadFacts {
        if let facts = state.withLock({ $0.begun[name] }) { return facts }
        var options = PendingUploadOptions()
        options.key = name.key
        options.includesCustomMetadata = true
        for try await pending in project.pendingUploads(bucket: name.bucket, options: options) where pending.id == name.id {
            let facts = UploadFacts(metadata: pending.metadata)
            remember(name, facts)
            return facts
        }
        throw S3Error(.noSuchUpload)
    }
}

/// What a client is told of an upload that became an object.
package struct CompletedAnswer: Hashable, Sendable {
    let tag: EntityTag
    let checksum: ObjectChecksum?
    let isEncryptionManaged: Bool
    /// As S3 writes it; nil in a bucket without versions.
    let versionID: String?
    /// The parts it was made of, as the client named them.
    let parts: [CompletedUpload.Part]
}
