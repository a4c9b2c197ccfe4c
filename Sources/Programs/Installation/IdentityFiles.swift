package import Foundation
package import Identity
package import StorageModel

/// The four PEM files of an identity in a server's folder, in the field's own layout.
///
/// - Source: protocol document 1 §1.4.
package enum IdentityFiles {
    /// Why identity files cannot be used.
    package enum Failure: Error, CustomStringConvertible {
        /// A file is missing or unreadable.
        case unreadable(path: String)
        /// The files are there already and are not overwritten.
        case exists(path: String)

        package var description: String {
            switch self {
            case .unreadable(let path): "identity file \(path) cannot be read"
            case .exists(let path): "there is an identity already: \(path)"
            }
        }
    }

    /// How many keys one task tries before it looks whether another has found one.
    private static let attemptsPerRound = 2000

    /// Whether the folder has an identity.
    package static func exist(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: url(.identityCertificate, in: folder).path)
    }

    /// Reads the identity a server runs with.
    ///
    /// - Throws: `Failure.unreadable`, or `IdentityError` when the files do not hold an identity.
    package static func load(from folder: URL) throws -> NodeIdentity {
        try NodeIdentity(
            certificatePEM: try text(.identityCertificate, in: folder), keyPEM: try text(.identityKey, in: folder))
    }

    /// Makes an identity of at least `difficulty` and writes its files; keys with mode 0600.
    ///
    /// - Parameters:
    ///   - difficulty: trailing zero bits of the id, at least 8; the work doubles with each bit.
    ///   - tasks: how many tasks search side by side.
    ///   - progress: called after each round with the number of keys tried so far.
    package static func create(
        in folder: URL, difficulty: Int, tasks: Int, random: RandomSource,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> NodeIdentity {
        guard !exist(in: folder) else { throw Failure.exists(path: url(.identityCertificate, in: folder).path) }
        let authority = try await search(difficulty: difficulty, tasks: tasks, random: random, progress: progress)
        let identity = authority.issueIdentity(random: random)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try SecretFile.write(Data(authority.keyPEM.utf8), to: url(.authorityKey, in: folder))
        try SecretFile.write(Data(authority.certificatePEM.utf8), to: url(.authorityCertificate, in: folder))
        try SecretFile.write(Data(identity.keyPEM.utf8), to: url(.identityKey, in: folder))
        try SecretFile.write(Data(identity.certificatePEM.utf8), to: url(.identityCertificate, in: folder))
        return identity
    }

    private static func search(
        difficulty: Int, tasks: Int, random: RandomSource, progress: @Sendable (Int) -> Void
    ) async throws -> CertificateAuthority {
        var tried = 0
        while true {
            let found = try await withThrowingTaskGroup(of: CertificateAuthority?.self) { group -> CertificateAuthority? in
                for _ in 0..<max(1, tasks) {
                    group.addTask {
                        try CertificateAuthority.generate(
                            difficulty: difficulty, maximumAttempts: attemptsPerRound, random: random)
                    }
                }
                for try await authority in group {
                    guard let authority else { continue }
                    return authority
                }
                return nil
            }
            tried += attemptsPerRound * max(1, tasks)
            progress(tried)
            if let found { return found }
            try Task.checkCancellation()
        }
    }

    private static func url(_ name: IdentityFileName, in folder: URL) -> URL { folder.appending(path: name.rawValue) }

    private static func text(_ name: IdentityFileName, in folder: URL) throws -> String {
        let url = url(name, in: folder)
        guard let data = try? Data(contentsOf: url) else {
            // The reason is almost always that the file is not there; the path is what a person needs.
            throw Failure.unreadable(path: url.path)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
