import StorageModel
import Synchronization

/// Credentials that were opened a moment ago, so that a client's next request costs no reading and no deciphering.
///
/// A revocation by another process is noticed after `lifetime`; one by this process at once.
final class CredentialCache: Sendable {
    /// How long an opened credential is believed.
    static let lifetime = Duration.seconds(3)
    /// Entries kept at most: a few kilobytes each.
    static let capacity = 4096

    private struct Entry {
        let credential: Credential
        let readAt: Timestamp
    }

    private let entries = Mutex<[CredentialID: Entry]>([:])

    /// The credential, when it was read less than `lifetime` before `time` and has not expired since.
    func credential(_ id: CredentialID, at time: Timestamp) -> Credential? {
        entries.withLock { entries in
            guard let entry = entries[id] else { return nil }
            let age = time.duration(since: entry.readAt)
            guard age >= .zero, age < Self.lifetime, !entry.credential.isExpired(at: time) else {
                entries[id] = nil
                return nil
            }
            return entry.credential
        }
    }

    func insert(_ credential: Credential, readAt time: Timestamp) {
        entries.withLock { entries in
            // A full cache starts again: what is in use is back within one request each.
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[credential.id] = Entry(credential: credential, readAt: time)
        }
    }

    func remove(_ id: CredentialID) {
        entries.withLock { $0[id] = nil }
    }
}
