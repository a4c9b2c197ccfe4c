/// Sums of sizes by folder, down to a depth below a root.
package struct UsageTree {
    /// A folder's sums.
    package struct Row: Encodable, Equatable {
        package let place: String
        package var bytes: Int64
        package var objects: Int

        /// A row.
        package init(place: String, bytes: Int64, objects: Int) {
            self.place = place
            self.bytes = bytes
            self.objects = objects
        }
    }

    private let root: RemotePath
    private let depth: Int
    private var total = (bytes: Int64(0), objects: 0)
    private var folders: [String: (bytes: Int64, objects: Int)] = [:]

    /// No objects yet.
    ///
    /// - Parameter depth: levels of folders below the root, in `0...`; in a project a bucket is a level.
    package init(root: RemotePath, depth: Int) {
        self.root = root
        self.depth = depth
    }

    /// Notes a bucket of a project, which is shown even when it is empty.
    package mutating func add(bucket: RemotePath) {
        if root.isProject, depth > 0 { folders[bucket.description + "/", default: (0, 0)].objects += 0 }
    }

    /// Adds an object to all folders that hold it.
    package mutating func add(_ place: RemotePath, bytes: Int64) {
        total = Self.sum(total, bytes)
        let whole = Array(place.description.utf8)
        let base = root.isPrefix || root.key.isEmpty ? root.description : root.description + "/"
        var level = 0
        var start = base.utf8.count
        // A bucket's own text has no slash at its end; the one behind it belongs to the bucket.
        if root.isBucket { start += 1 }
        while level < depth, start <= whole.count, let slash = whole[start...].firstIndex(of: UInt8(ascii: "/")) {
            let folder = String(decoding: whole[...slash], as: UTF8.self)
            folders[folder] = Self.sum(folders[folder, default: (0, 0)], bytes)
            start = slash + 1
            level += 1
        }
    }

    /// Sizes come from a satellite; a sum that does not fit stays at the largest number.
    private static func sum(_ sum: (bytes: Int64, objects: Int), _ bytes: Int64) -> (bytes: Int64, objects: Int) {
        let added = sum.bytes.addingReportingOverflow(max(0, bytes))
        return (added.overflow ? .max : added.partialValue, sum.objects + 1)
    }

    /// The folders by name, then the total under the root's name.
    package var rows: [Row] {
        let rows = folders.sorted { $0.key < $1.key }.map {
            Row(place: $0.key, bytes: $0.value.bytes, objects: $0.value.objects)
        }
        return rows + [Row(place: root.description, bytes: total.bytes, objects: total.objects)]
    }
}
