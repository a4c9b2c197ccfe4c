package import ArgumentParser
import Foundation
package import Uplink

/// `storj stat`.
package struct StatCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "stat", abstract: "Show what is known of an object, a bucket or the project.",
        discussion: """
            Examples:
              storj stat sj://photos/2026/beach.jpg
              storj stat sj://photos
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "sj://bucket/key, sj://bucket, or sj:// for the project.", transform: RemotePath.parse)
    package var place: RemotePath

    @Option(help: ArgumentHelp("An older version.", valueName: "id"), transform: VersionText.parse)
    package var versionId: ObjectVersion?

    @Flag(help: "Take the key as it is stored, encrypted.")
    package var encrypted = false

    package init() {}

    package func validate() throws {
        if versionId != nil { try place.requireKey() }
    }

    package func run(in session: CommandSession) async throws {
        try await session.withProject(adjust: { $0.showsEncryptedKeys = encrypted }) { project in
            if place.isProject {
                try session.print(ProjectDetails(try await project.info()))
            } else if place.isBucket {
                try session.print(try await BucketDetails(place.bucket, in: project))
            } else {
                try session.print(ObjectDetails(try await object(in: project)))
            }
        }
    }

    private func object(in project: Project) async throws -> Object {
        do {
            return try await project.object(bucket: place.bucket, key: place.key, version: versionId)
        } catch let error as UplinkError where error.code == .objectNotFound && versionId == nil {
            guard try await isFolder(in: project) else { throw error }
            throw UplinkError(error.code, error.message, advice: "There are objects below it: storj ls \(place)/")
        }
    }

    private func isFolder(in project: Project) async throws -> Bool {
        var options = ListOptions(prefix: place.isPrefix ? place.key : "\(place.key)/", isRecursive: true)
        options.pageSize = 1
        options.includesSystemMetadata = false
        do {
            for try await _ in project.objects(bucket: place.bucket, options: options) { return true }
        } catch let error as UplinkError where error.code != .wrongPassphrase {
            // The grant may not list; then there is nothing to add to "not found".
            return false
        }
        return false
    }
}

/// Version ids as typed.
enum VersionText {
    /// Reads 32 hexadecimal digits.
    ///
    /// - Throws: `ValidationError`.
    static func parse(_ text: String) throws -> ObjectVersion {
        guard let version = ObjectVersion(text) else {
            throw ValidationError("\"\(text.printable)\" is not a version id of 32 hexadecimal digits")
        }
        return version
    }
}
