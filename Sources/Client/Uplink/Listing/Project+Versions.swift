import Foundation

extension Project {
    /// The versions of exactly one key, delete markers among them, newest first; of a bucket without versions at most one.
    ///
    /// - Parameter limit: the most that are returned; 0 for all.
    /// - Throws: `.bucketNotFound`, `.permissionDenied`; `.wrongPassphrase` when nothing in the bucket decrypts.
    public func versions(bucket: String, key: String, limit: Int = 0) async throws -> [Object] {
        try await versions(bucket: bucket, key: key, limit: limit, includesCustomMetadata: false)
    }

    /// The same with what uploaders attached.
    public func versionsWithMetadata(bucket: String, key: String) async throws -> [Object] {
        try await versions(bucket: bucket, key: key, limit: 0, includesCustomMetadata: true)
    }

    private func versions(
        bucket: String, key: String, limit: Int, includesCustomMetadata: Bool
    ) async throws -> [Object] {
        var options = ListOptions(prefix: Self.folder(of: key), isRecursive: true)
        options.allVersions = true
        options.includesCustomMetadata = includesCustomMetadata
        // No version has a higher number, so the listing starts just before the newest of the key.
        options.after = key
        options.afterVersion = ObjectVersion([0x7f] + [UInt8](repeating: 0xff, count: 15))
        // Most keys have few versions, and what comes behind them is other keys.
        options.pageSize = limit == 0 ? 8 : min(limit, 1000)
        var versions: [Object] = []
        for try await item in objects(bucket: bucket, options: options) {
            guard case .object(let object) = item, object.key == key else { break }
            versions.append(object)
            if versions.count == limit { break }
        }
        return versions
    }

    /// The part of a key up to its last slash, or to the one before when it ends in it: a listing cannot start at its
    /// prefix itself. Empty when names without letters stand in it, which no prefix can have.
    private static func folder(of key: String) -> String {
        let components = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropLast(key.utf8.last == UInt8(ascii: "/") ? 2 : 1)
        guard !components.isEmpty, components.allSatisfy({ !$0.isEmpty }) else { return "" }
        return components.map { String($0) ?? "" }.joined(separator: "/") + "/"
    }
}
