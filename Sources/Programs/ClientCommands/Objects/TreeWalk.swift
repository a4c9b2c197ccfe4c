import Uplink

/// Visits folders in depth, one listing a folder, sorted by name; only the folders on the way are held in memory.
struct TreeWalk {
    let project: Project
    /// In `1...`.
    let maximumDepth: Int
    let drawsObjects: Bool

    /// A thing in a folder.
    private struct Entry {
        let place: RemotePath
        let name: String
        let size: Int64?
        let isFolder: Bool
    }

    /// Draws what is below a place.
    func draw(_ place: RemotePath, into drawing: inout TreeDrawing, depth: Int = 1) async throws {
        let entries = try await entries(in: place)
        for (index, entry) in entries.enumerated() {
            let isLast = index == entries.count - 1
            try drawing.entry(entry.place, name: entry.name, size: entry.size, isLast: isLast)
            guard entry.isFolder, depth < maximumDepth else { continue }
            drawing.enter(isLast: isLast)
            try await draw(entry.place, into: &drawing, depth: depth + 1)
            drawing.leave()
        }
    }

    private func entries(in place: RemotePath) async throws -> [Entry] {
        var entries: [Entry] = []
        if place.isProject {
            for try await bucket in project.buckets() {
                let place = RemotePath(bucket: bucket.name)
                entries.append(Entry(place: place, name: "\(bucket.name)/", size: nil, isFolder: true))
            }
            return entries
        }
        for try await item in project.objects(bucket: place.bucket, options: ListOptions(prefix: place.key)) {
            guard drawsObjects || item.object == nil else { continue }
            let name = String(decoding: item.key.utf8.dropFirst(place.key.utf8.count), as: UTF8.self)
            entries.append(
                Entry(
                    place: RemotePath(bucket: place.bucket, key: item.key), name: name, size: item.object?.size,
                    isFolder: item.object == nil))
        }
        return entries.sorted { $0.name < $1.name }
    }
}
