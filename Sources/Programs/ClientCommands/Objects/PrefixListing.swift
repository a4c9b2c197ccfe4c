import Uplink

/// Lists keys that begin in any way, although encrypted keys can only be listed folder by folder.
package struct PrefixListing: Sendable {
    /// The bucket.
    let bucket: String
    /// What keys begin with, as typed.
    let start: String
    /// Whether everything below is wanted.
    let isRecursive: Bool

    /// A listing of a place that is not the project.
    package init(_ place: RemotePath, isRecursive: Bool) {
        bucket = place.bucket
        start = place.key
        self.isRecursive = isRecursive
    }

    /// The folder in which the keys lie: what comes before the last slash, with it.
    package var folder: String {
        guard let slash = start.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(decoding: start.utf8[...slash], as: UTF8.self)
    }

    /// Visits the items in the satellite's order until `visit` returns false.
    ///
    /// - Parameter options: what to ask for; prefix and recursion are set here.
    func items(
        in project: Project, options: ListOptions = ListOptions(), _ visit: (ListItem) async throws -> Bool
    ) async throws {
        var options = options
        options.prefix = folder
        // Below a folder that matches, everything does; so only matching folders are walked.
        let isFiltered = start != folder
        options.isRecursive = isRecursive && !isFiltered
        for try await item in project.objects(bucket: bucket, options: options)
        where item.key.utf8.starts(with: start.utf8) {
            if isRecursive, case .prefix(let prefix) = item {
                guard try await everything(below: prefix, in: project, options, visit) else { return }
            } else {
                guard try await visit(item) else { return }
            }
        }
    }

    private func everything(
        below prefix: String, in project: Project, _ options: ListOptions, _ visit: (ListItem) async throws -> Bool
    ) async throws -> Bool {
        var options = options
        options.prefix = prefix
        options.isRecursive = true
        for try await item in project.objects(bucket: bucket, options: options) {
            guard try await visit(item) else { return false }
        }
        return true
    }

    /// Visits the pending uploads in the satellite's order until `visit` returns false.
    func uploads(in project: Project, _ visit: (PendingUpload) async throws -> Bool) async throws {
        var options = PendingUploadOptions()
        options.prefix = folder
        options.isRecursive = isRecursive
        for try await upload in project.pendingUploads(bucket: bucket, options: options)
        where upload.key.utf8.starts(with: start.utf8) {
            guard try await visit(upload) else { return }
        }
    }
}
