package import ArgumentParser
import Uplink

/// `storj rb`.
package struct RemoveBucketCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rb", abstract: "Delete a bucket.",
        discussion: """
            Examples:
              storj rb sj://photos
              storj rb sj://photos --force        with everything in it
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The bucket.", transform: RemotePath.parse)
    package var bucket: RemotePath

    @Flag(help: "Delete everything in it as well.")
    package var force = false

    @Flag(name: .customLong("bypass-governance-retention"), help: "Delete in spite of retention in governance mode.")
    package var bypassesGovernance = false

    @Flag(help: "Only say what would be deleted.")
    package var dryRun = false

    package init() {}

    package func validate() throws {
        try bucket.requireOnlyBucket()
        guard force || !bypassesGovernance else {
            throw ValidationError("--bypass-governance-retention needs --force")
        }
    }

    package func run(in session: CommandSession) async throws {
        let name = bucket.bucket
        let objects = try await session.withProject { project in
            if dryRun { return try await Self.check(name, in: project, allowsObjects: force) }
            do {
                return try await project.deleteBucket(name, withObjects: force, bypassesGovernance: bypassesGovernance)
            } catch let error as UplinkError where error.code == .bucketNotEmpty && !force {
                throw UplinkError(
                    error.code, error.message,
                    advice: "storj rm -r \(bucket) empties it; --force deletes it with everything in it")
            }
        }
        try report(objects, in: session)
    }

    /// The objects that would be deleted.
    private static func check(_ name: String, in project: Project, allowsObjects: Bool) async throws -> Int64 {
        _ = try await project.bucket(name)
        var options = ListOptions(prefix: "", isRecursive: true)
        options.includesSystemMetadata = false
        options.allVersions = true
        options.pageSize = allowsObjects ? 0 : 1
        var count: Int64 = 0
        for try await page in project.objects(bucket: name, options: options).pages {
            count += Int64(page.items.count + page.undecryptableCount)
            guard allowsObjects || count == 0 else {
                throw UplinkError(.bucketNotEmpty, "the bucket \"\(name)\" is not empty", advice: "Give --force")
            }
        }
        return count
    }

    private func report(_ objects: Int64, in session: CommandSession) throws {
        if session.isJSON {
            try session.output.json(DeletedBucket(bucket: bucket.bucket, objects: objects, deleted: !dryRun))
        } else {
            let what = "\(bucket.description.printable)\(objects > 0 ? " and \(objects) objects" : "")"
            try session.output.line(dryRun ? "Would delete \(what)." : "Deleted \(what).")
        }
    }
}

/// A deleted bucket, as JSON.
private struct DeletedBucket: Encodable {
    let bucket: String
    let objects: Int64
    let deleted: Bool
}
