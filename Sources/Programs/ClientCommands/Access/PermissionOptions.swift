package import ArgumentParser
package import Foundation
package import Uplink

/// What a restricted grant allows, as typed for `share` and `access restrict`.
package struct PermissionOptions: ParsableArguments, Sendable {
    /// One of the things a grant can allow.
    package enum Right: CaseIterable {
        case reads, writes, lists, deletes
    }

    @Flag(help: "Only reading and listing; this is the default.")
    package var readonly = false

    @Flag(help: "Only writing and deleting.")
    package var writeonly = false

    @Flag(name: .customLong("full"), help: "Reading, writing, listing and deleting.")
    package var isFull = false

    @Flag(help: "Also allow to read objects.") package var allowReads = false
    @Flag(help: "Also allow to write objects.") package var allowWrites = false
    @Flag(help: "Also allow to list objects and buckets.") package var allowLists = false
    @Flag(help: "Also allow to delete objects.") package var allowDeletes = false
    @Flag(help: "Forbid to read objects.") package var disallowReads = false
    @Flag(help: "Forbid to write objects.") package var disallowWrites = false
    @Flag(help: "Forbid to list objects and buckets.") package var disallowLists = false
    @Flag(help: "Forbid to delete objects.") package var disallowDeletes = false

    @Flag(help: "Also allow to read and set retention and legal holds.")
    package var allowObjectLock = false

    @Option(
        help: ArgumentHelp("When the grant begins to work: +2h, 2026-12-01, 2026-12-01T08:00:00Z.", valueName: "time"))
    package var notBefore: String?

    @Option(help: ArgumentHelp("When the grant ends: +2h, 2026-12-01T00:00:00Z, none.", valueName: "time"))
    package var notAfter: String?

    @Option(
        name: .customLong("max-object-ttl"),
        help: ArgumentHelp("How long objects written with the grant live at most: 24h, 30d.", valueName: "duration"))
    package var maximumObjectLifetime: String?

    package init() {}

    package mutating func validate() throws {
        guard [readonly, writeonly, isFull].count(where: { $0 }) <= 1 else {
            throw ValidationError("--readonly, --writeonly and --full exclude each other")
        }
        let contradictions: [(Bool, Bool, String)] = [
            (allowReads, disallowReads, "reads"), (allowWrites, disallowWrites, "writes"),
            (allowLists, disallowLists, "lists"), (allowDeletes, disallowDeletes, "deletes"),
        ]
        for (allows, disallows, name) in contradictions where allows && disallows {
            throw ValidationError("--allow-\(name) and --disallow-\(name) exclude each other")
        }
        guard !rights.isEmpty else { throw ValidationError("these flags allow nothing at all") }
    }

    /// What is allowed.
    package var rights: Set<Right> {
        var rights: Set<Right> = isFull ? Set(Right.allCases) : writeonly ? [.writes, .deletes] : [.reads, .lists]
        let allowed: [(Bool, Right)] = [
            (allowReads, .reads), (allowWrites, .writes), (allowLists, .lists), (allowDeletes, .deletes),
        ]
        let disallowed: [(Bool, Right)] = [
            (disallowReads, .reads), (disallowWrites, .writes), (disallowLists, .lists), (disallowDeletes, .deletes),
        ]
        for (isSaid, right) in allowed where isSaid { rights.insert(right) }
        for (isSaid, right) in disallowed where isSaid { rights.remove(right) }
        return rights
    }

    /// The permission.
    ///
    /// - Throws: `ValidationError` for a time that is none, or an end before the beginning.
    package func permission(now: Date, timeZone: TimeZone) throws -> Permission {
        let rights = rights
        var permission = Permission(
            download: rights.contains(.reads), upload: rights.contains(.writes), list: rights.contains(.lists),
            delete: rights.contains(.deletes))
        permission.notBefore = try notBefore.flatMap { try TimeText.parse($0, now: now, timeZone: timeZone) }
        permission.notAfter = try notAfter.flatMap { try TimeText.parse($0, now: now, timeZone: timeZone) }
        permission.maximumObjectLifetime = try lifetime()
        if let begin = permission.notBefore, let end = permission.notAfter, end <= begin {
            throw ValidationError("--not-after lies before --not-before")
        }
        if allowObjectLock {
            permission.allowsPutRetention = true
            permission.allowsGetRetention = true
            permission.allowsPutLegalHold = true
            permission.allowsGetLegalHold = true
            permission.allowsBypassGovernance = true
            permission.allowsPutBucketLock = true
            permission.allowsGetBucketLock = true
        }
        return permission
    }

    private func lifetime() throws -> Duration? {
        guard let text = maximumObjectLifetime, text != "none" else { return nil }
        guard let seconds = TimeText.relativeSeconds(text), seconds > 0 else {
            throw ValidationError("\"\(text.printable)\" is not a length of time; write 24h, 30d or none")
        }
        return .milliseconds(Int64(seconds * 1000))
    }
}
