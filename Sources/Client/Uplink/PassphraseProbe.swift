import Encryption
import Foundation
import Synchronization
import WireMessages

/// Compares the passphrase with what buckets hold, once for each place that has a key of its own.
///
/// There is no marker to look for: it lists a few objects and sees whether any decrypts. It writes nothing, and what it
/// may not list it does not judge. A bucket of which some objects decrypt is fine: others may share it.
final class PassphraseProbe: Sendable {
    /// What is known of a place.
    private enum Knowledge {
        case right
        case wrong
        case nothingStored
    }

    private struct Place: Hashable {
        let bucket: String
        let base: EncryptedPath?
    }

    private let metainfo: MetainfoClient
    private let keys: KeyRing
    private let settings: UplinkSettings
    private let isEnabled: Bool
    private let known = Mutex<[Place: Knowledge]>([:])

    /// A probe.
    ///
    /// - Parameter isEnabled: whether to judge at all.
    init(metainfo: MetainfoClient, keys: KeyRing, settings: UplinkSettings, isEnabled: Bool) {
        self.metainfo = metainfo
        self.keys = keys
        self.settings = settings
        self.isEnabled = isEnabled
    }

    /// Makes sure that the key of an object is not foreign to what is stored beside it. Costs a call the first time.
    ///
    /// - Throws: `.wrongPassphrase`, `.bucketNotFound`, `CancellationError`. Whatever else goes wrong is left to the
    ///   caller's own call.
    func check(bucket: String, key: String) async throws {
        guard isEnabled else { return }
        guard let base = try? keys.store.base(of: UnencryptedPath(key), in: Array(bucket.utf8)) else { return }
        try await check(bucket: bucket, base: base.encryptedPath)
    }

    /// Makes sure that the key that starts at `base` is not foreign to what is stored below it.
    ///
    /// - Throws: `.wrongPassphrase`, `.bucketNotFound`, `CancellationError`.
    func check(bucket: String, base: EncryptedPath) async throws {
        guard isEnabled else { return }
        let place = Place(bucket: bucket, base: base)
        if let knowledge = known.withLock({ $0[place] }) {
            if knowledge == .wrong { throw Self.wrongPassphrase(bucket) }
            return
        }
        do {
            _ = try await judge(place)
        } catch let error as UplinkError {
            // Satellites say of objects in a missing bucket only that there is no such object.
            if error.code == .wrongPassphrase || error.code == .bucketNotFound { throw error }
            // The satellite's refusal of the caller's own call says what else is wrong.
            if error.code == .permissionDenied { known.withLock { $0[place] = .nothingStored } }
        }
    }

    /// Compares the passphrase with what is stored below a base, whether or not projects are opened with the check.
    ///
    /// - Returns: whether anything decrypts; nil when nothing is stored there that could tell.
    /// - Throws: `.wrongPassphrase`, and what the satellite refuses.
    func verify(bucket: String, base: EncryptedPath) async throws -> Bool {
        try await judge(Place(bucket: bucket, base: base)) == .right
    }

    /// Notes that something below `base` decrypts.
    func confirm(bucket: String, base: EncryptedPath) {
        guard isEnabled else { return }
        known.withLock { $0[Place(bucket: bucket, base: base)] = .right }
    }

    /// Throws that nothing below `base` decrypts, unless something did before or nobody wants to know.
    ///
    /// - Parameter base: nil when it is not worth remembering.
    /// - Throws: `.wrongPassphrase`.
    func refute(bucket: String, base: EncryptedPath?) throws(UplinkError) {
        guard isEnabled else { return }
        let place = Place(bucket: bucket, base: base)
        let wasRight = known.withLock { known in
            if known[place] == .right { return true }
            if base != nil { known[place] = .wrong }
            return false
        }
        if !wasRight { throw Self.wrongPassphrase(bucket) }
    }

    private func judge(_ place: Place) async throws -> Knowledge {
        var evidence = PassphraseEvidence()
        var request = probeRequest(place)
        request.limit = settings.probeItemCount
        for _ in 0..<settings.probePageCount {
            let answer = try await metainfo.batched(request, CallSubject(.listObjects, bucket: place.bucket))
            for item in answer.items { evidence.note(try decrypts(item, place)) }
            guard evidence.successCount == 0, answer.more, let last = answer.items.last,
                last.encryptedObjectKey != request.encryptedCursor
            else { break }
            request.encryptedCursor = last.encryptedObjectKey
            request.limit = 0
        }
        let knowledge: Knowledge =
            if evidence.successCount > 0 { .right } else if evidence.failureCount > 0 { .wrong } else { .nothingStored }
        known.withLock { $0[place] = knowledge }
        if knowledge == .wrong { throw Self.wrongPassphrase(place.bucket) }
        return knowledge
    }

    private func probeRequest(_ place: Place) -> Metainfo_ListObjectsRequest {
        var request = Metainfo_ListObjectsRequest()
        request.bucket = Data(place.bucket.utf8)
        request.encryptedPrefix = Data(place.base?.bytes ?? [])
        request.recursive = true
        request.useObjectIncludes = true
        request.objectIncludes.excludeSystemMetadata = true
        // Keys in the clear prove nothing, but the metadata's key does.
        request.objectIncludes.metadata = isClear(place)
        return request
    }

    private func isClear(_ place: Place) -> Bool {
        guard let base = place.base, let found = try? keys.store.base(of: base, in: Array(place.bucket.utf8))
        else { return false }
        return found.cipher.isNull
    }

    /// Whether an item decrypts; nil when that cannot be told.
    private func decrypts(_ item: Metainfo_ObjectListItem, _ place: Place) throws -> Bool? {
        let name = Array(place.bucket.utf8)
        let prefix = place.base?.bytes ?? []
        let path = EncryptedPath(
            bytes: prefix + (prefix.isEmpty ? [] : [UInt8(ascii: "/")]) + Array(item.encryptedObjectKey))
        guard let base = try? keys.store.base(of: path, in: name) else { return nil }
        guard let plain = try? keys.store.decrypt(path, in: name) else { return false }
        if !base.cipher.isNull { return true }
        guard let sealed = try? SealedMetadata(item), sealed.provesPassphrase else { return nil }
        let key = try keys.store.contentKey(of: plain, in: name)
        return (try? sealed.key(key)) != nil
    }

    /// What to tell the user.
    static func wrongPassphrase(_ bucket: String) -> UplinkError {
        UplinkError(
            .wrongPassphrase, "nothing in bucket \"\(bucket)\" decrypts with this access grant's passphrase",
            advice: "Make a grant with the passphrase that the data was stored with, or switch the check off when the "
                + "bucket holds data of several passphrases")
    }
}
